import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  type ControllerGroup,
  controllerGroups,
  environment,
  reconcilerOf,
  seconds,
} from '../../src/aws/names.ts';
import { batchesAtOnce, reservedFor } from '../concurrency.ts';
import type { Settings } from '../settings.ts';
import { BundledFunction, type CodeOf } from './function.ts';
import { cloudVariables, coreVariables, workVariables } from './functionEnvironment.ts';
import type { Permission } from './permission.ts';
import { balanceLoad } from './permissions/balancers.ts';
import { objects } from './permissions/objects.ts';
import type { Parts } from './permissions/parts.ts';
import { findSecrets, keepSecrets } from './permissions/secrets.ts';
import { readLogs, runTasks } from './permissions/tasks.ts';
import { makeVolumes } from './permissions/volumes.ts';
import { sendWork, takeWork } from './permissions/work.ts';

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
}

/**
 * For each group of controllers a function with a role of its own, and the route, which has them work off the queue.
 *
 * A key to look at again is a message to the queue that its function works for: a Pod that starts is looked at every few
 * seconds. Lambda takes such a chain for a fault and cuts it off after 16 rounds, unless all functions of the chain may
 * be in a loop: the route and the groups. Nothing leads back to the dispatch: the table's stream ends a chain. What
 * really never ends rings as writes without end.
 */
export class Controllers extends Construct {
  /** All that wakes controllers. */
  readonly mapping: EventSourceMapping;
  /** The route and the groups, by their names in lambdas/. */
  readonly functions: Record<string, IFunction>;

  constructor(scope: Construct, id: string, props: ControllersProps) {
    super(scope, id);
    const { parts, settings } = props;
    const groups = controllerGroups.map((group) => this.#group(group, props));
    const route = new BundledFunction(this, 'route', {
      ...common(props),
      name: 'route',
      // It waits: what it costs meanwhile goes by its memory.
      timeout: Duration.seconds(seconds.route),
      environment: { [environment.deployment]: parts.name, ...workVariables(parts) },
      permissions: [
        takeWork(parts),
        {
          actions: ['lambda:InvokeFunction'],
          resources: groups.map(({ handler }) => handler.functionArn),
        },
      ],
    });
    const named = controllerGroups.map((group, i) => [reconcilerOf(group), groups[i]!.handler] as const);
    this.functions = { route: route.handler, ...Object.fromEntries(named) };
    this.mapping = new EventSourceMapping(this, 'work', {
      target: route.handler,
      eventSourceArn: parts.work.queue.queueArn,
      batchSize: 10,
      maxConcurrency: batchesAtOnce(settings.concurrency),
      reportBatchItemFailures: true,
    });
  }

  #group(group: ControllerGroup, props: ControllersProps): BundledFunction {
    const { parts, settings } = props;
    return new BundledFunction(this, group, {
      ...common(props),
      name: reconcilerOf(group),
      timeout: Duration.seconds(seconds.reconcile),
      environment: {
        ...coreVariables(parts, settings),
        ...cloudVariables(parts, settings),
        ...workVariables(parts),
      },
      permissions: [...objects(parts), sendWork(parts), ...rights[group](parts)],
    });
  }
}

const common = ({ parts, settings, code }: ControllersProps) => ({
  deployment: parts.name,
  code,
  key: parts.data.key,
  logDays: settings.logDays,
  inLoop: true,
  tracing: settings.tracing,
  ...(settings.reserve && { reserved: reservedFor(settings.concurrency).batches }),
});
