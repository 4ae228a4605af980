import { tokenKeeper } from '../../../src/aws/drivers/pods/podTokens.ts';
import { boundVariable } from '../../../src/aws/drivers/pods/tokenScript.ts';
import { bootTokenOf } from './deployedProcess.ts';
import type { DeployedWorld } from './deployedWorld.ts';

/**
 * What the keepers of all tasks do once in a period: each tells the API what ECS tells it, where its script says so.
 * Answers the statuses. (That the script does, a shell shows: podTokens.test.ts.)
 */
export async function tellUsage(world: DeployedWorld): Promise<number[]> {
  const statuses: number[] = [];
  for (const { script, overrides, metadata } of world.cloud.ecs.runningIn(tokenKeeper)) {
    const usage = /^usage='https:\/\/api\.example([^']+)'$/m.exec(script)?.[1];
    const [, namespace = '', account = ''] =
      /^url='[^']+\/namespaces\/([^/]+)\/serviceaccounts\/([^/]+)\/token'$/m.exec(script) ?? [];
    const given = overrides.flatMap(({ environment = [] }) => environment);
    const pod = JSON.parse(given.find(({ name }) => name === boundVariable)?.value ?? '{}');
    if (!usage) continue;
    const headers: Record<string, string> = {
      authorization: `Bearer ${bootTokenOf(namespace, account, pod)}`,
      'content-type': 'application/json',
    };
    const answer = await world.finish(
      world.ask((_, handle) =>
        handle({
          method: 'POST',
          target: usage,
          header: (name) => headers[name],
          headersBeginning: () => [],
          body: async () => Buffer.from(JSON.stringify(metadata)),
          peer: { address: 'a Pod' },
          signal: new AbortController().signal,
        }),
      ),
    );
    if (answer !== 'crashed') statuses.push(answer.status);
  }
  return statuses;
}
