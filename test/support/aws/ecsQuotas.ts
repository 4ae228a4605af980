import type { Clock } from '../../../src/shared/clock/clock.ts';
import { Allowance, type Rate } from './allowance.ts';
import type { AwsClient } from './deployedTrouble.ts';

/**
 * The buckets of an account in a Region, as
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html has them; the last one is Fargate's, for
 * RunTask besides (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html).
 */
const buckets: [actions: readonly string[], rate: Rate][] = [
  [['RegisterTaskDefinition', 'DeregisterTaskDefinition'], { burst: 20, perSecond: 1 }],
  [['DeleteTaskDefinitions'], { burst: 5, perSecond: 1 }],
  [['ListTaskDefinitions'], { burst: 50, perSecond: 20 }],
  [['RunTask', 'StopTask', 'ExecuteCommand'], { burst: 100, perSecond: 40 }],
  [['DescribeTasks', 'ListTasks'], { burst: 100, perSecond: 20 }],
  [['RunTask'], { burst: 20, perSecond: 20 }],
];

/** How many calls of each action were refused. */
export type Refusals = Map<string, number>;

/** ECS with the quotas of an account: whoever asks for more than they give is answered `Rate exceeded`. */
export function withQuotas(client: AwsClient, clock: Clock, refused: Refusals): AwsClient {
  const allowances = buckets.map(([actions, rate]) => ({ actions, allowance: new Allowance(clock, rate) }));
  return {
    send: async (command) => {
      const action = command.constructor.name.replace(/Command$/, '');
      const asked = allowances.filter(({ actions }) => actions.includes(action));
      if (!asked.every(({ allowance }) => allowance.left >= 1)) {
        refused.set(action, (refused.get(action) ?? 0) + 1);
        throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $fault: 'client' });
      }
      for (const { allowance } of asked) allowance.take(1);
      return client.send(command);
    },
  };
}
