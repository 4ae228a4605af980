import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type ControllerGroup, controllerGroups } from '../../src/aws/names.ts';
import type { Settings } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import { BundledFunction, type CodeOf } from './function.ts';
import { cloudVariables, coreVariables, queueVariables } from './functionEnvironment.ts';
import type { Permission } from './permission.ts';
import {
  balanceLoad,
  findSecrets,
  keepSecrets,
  makeVolumes,
  objects,
  type Parts,
  readLogs,
  runTasks,
  sendTo,
  workFrom,
} from './permissions.ts';
import { WorkQueue } from './queue.ts';

/** What each group of controllers may touch beside the objects. */
const rights: Record<ControllerGroup, (parts: Parts) => Permission[]> = {
  workloads: () => [],
  pods: (parts) => [...runTasks(parts), readLogs(parts), findSecrets(parts), ...makeVolumes(parts)],
  services: balanceLoad,
  secrets: keepSecrets,
};

export interface ControllersProps {
  parts: Parts;
  settings: Settings;
  code: CodeOf;
  alarms: Alarms;
}

/** For each group of controllers its queue and the function that works it off, with a role of its own. */
export class Controllers extends Construct {
  readonly queues: Record<ControllerGroup, WorkQueue['queue']>;
  readonly mappings: EventSourceMapping[] = [];

  constructor(scope: Construct, id: string, props: ControllersProps) {
    super(scope, id);
    this.queues = Object.fromEntries(
      controllerGroups.map((group) => [group, this.#group(group, props)]),
    ) as Record<ControllerGroup, WorkQueue['queue']>;
  }

  #group(group: ControllerGroup, { parts, settings, code, alarms }: ControllersProps): WorkQueue['queue'] {
    const { queue } = new WorkQueue(this, `${group}-queue`, {
      name: `shallop-${parts.name}-${group}`,
      alarms,
    });
    const bundled = new BundledFunction(this, group, {
      name: `reconcile-${group}`,
      deployment: parts.name,
      code,
      key: parts.data.key,
      logDays: settings.logDays,
      timeout: Duration.seconds(60),
      environment: {
        ...coreVariables(parts, settings),
        ...cloudVariables(parts, settings),
        ...queueVariables({ [group]: queue.queueUrl }),
      },
      permissions: [
        ...objects(parts),
        workFrom(queue.queueArn),
        // A key that is to be looked at later is a delayed message.
        sendTo([queue.queueArn]),
        ...rights[group](parts),
      ],
    });
    this.mappings.push(
      new EventSourceMapping(this, `${group}-work`, {
        target: bundled.handler,
        eventSourceArn: queue.queueArn,
        batchSize: 10,
        reportBatchItemFailures: true,
      }),
    );
    return queue;
  }
}
