import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { type AwsCore, openAwsCore } from '../../../src/aws/core.ts';
import type { DynamoClient } from '../../../src/aws/drivers/dynamodb/sender.ts';
import { streamReader } from '../../../src/aws/drivers/dynamodb/streamRecords.ts';
import { openTimers } from '../../../src/aws/drivers/dynamodb/timers.ts';
import { openQueue } from '../../../src/aws/drivers/queues/index.ts';
import { openReceived } from '../../../src/aws/drivers/queues/received.ts';
import type { KnownTable } from '../../../src/aws/knownFormat.ts';
import { type ControllerGroup, controllerGroups, environment } from '../../../src/aws/names.ts';
import { controllersFor } from '../../../src/aws/work/controllers.ts';
import { dispatchRecords } from '../../../src/aws/work/dispatch.ts';
import { workQueues, workTimers } from '../../../src/aws/work/dispatchQueues.ts';
import { reconcileMessages } from '../../../src/aws/work/reconcile.ts';
import { type RouteParts, routeMessages } from '../../../src/aws/work/route.ts';
import type { TokenVerifier } from '../../../src/shared/auth/authenticate.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { Ids } from '../../../src/shared/clock/ids.ts';
import {
  createWorker,
  groupOf,
  openCoalescing,
  openMemory,
  type ResyncSummary,
  resync,
  type Worker,
} from '../../../src/shared/controllers/manager/queue/index.ts';
import type { Logger } from '../../../src/shared/observability/logger.ts';
import type { Cloud, RuntimeEventSink } from '../../../src/shared/ports/cloud.ts';
import type { Simulator } from '../dynamodb/simulator.ts';
import { type DeployedCloud, deployment } from './deployedCloud.ts';
import { portsOf } from './deployedPorts.ts';
import type { AwsClient } from './deployedTrouble.ts';
import type { SimulatedQueue } from './simulatedQueue.ts';

const table = 'shallop';

/** A Lambda's process with what each function opens. After `crash` nothing it does has an effect or an end. */
export interface DeployedProcess {
  core: AwsCore;
  dispatch(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse>;
  route(event: SQSEvent): Promise<SQSBatchResponse>;
  reconcile: Record<
    ControllerGroup,
    (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse>
  >;
  resync(tick: number, whole: boolean): Promise<ResyncSummary>;
  alive(): boolean;
  crash(): void;
  crashed: Promise<'crashed'>;
}

export interface ProcessParts {
  clock: Clock;
  ids: Ids;
  log: Logger;
  simulator: Simulator;
  /** Is the table of a client, of which the process knows the format. */
  known(client: DynamoClient): KnownTable;
  queue: SimulatedQueue;
  cloud: DeployedCloud;
  /** How a process reaches a service; `struck` may be called once a call has had its effect. */
  reach(service: string, client: AwsClient, struck: () => void): AwsClient;
  /** Seconds between two tellings of what a Pod uses; absent: nobody measures Pods. */
  podMetrics?: number;
  /** Has the function of a group work on messages. */
  invoke: RouteParts['work'];
}

/** Everything of the product is real, composed as src/aws does it; below are the clients of AWS's services. */
export function openProcess(parts: ProcessParts): DeployedProcess {
  const { clock, ids, log, cloud, invoke, podMetrics } = parts;
  const { client, crash: disconnect } = parts.simulator.connect();
  const dynamo = parts.known(client);
  const dead = Promise.withResolvers<'crashed'>();
  let alive = true;
  const crash = () => {
    alive = false;
    disconnect();
    dead.resolve('crashed');
  };
  const reached = (service: string, client: AwsClient) =>
    mortal(parts.reach(service, client, crash), () => alive) as never;
  const common = { clock, ids, log };
  const measuring = podMetrics ? { podMetrics } : {};
  const config = { deployment, table, ...measuring };
  const core = openAwsCore({ ...common, config, dynamo, tokens: () => bootTokens });
  const { statistics } = core;
  const controllers = controllersFor({
    [environment.podApiUrl]: 'https://api.example',
    ...(podMetrics && { [environment.podMetrics]: String(podMetrics) }),
  });
  const work = {
    ...common,
    client: reached('sqs', parts.queue.client as AwsClient),
    url: 'work',
  };
  const shared = { ...common, clients: core.clients, queues: workQueues(openQueue(work)) };
  const timers = workTimers(openTimers({ client: dynamo, table, clock, ids }));
  // Keys are made beside the clock, and a bundle of CAs is long.
  const issueToken: AwsCore['environment']['issueToken'] = async (_, { metadata }) => metadata.uid ?? '';
  const env = { ...core.environment, clusterCa: () => 'ca', issueToken };
  const workerOf = (group: ControllerGroup): Worker => {
    const events: RuntimeEventSink = (ref, event) => worker.podEvent(ref, event);
    const worker = createWorker({
      ...shared,
      controllers: controllers.filter((controller) => groupOf(controller) === group),
      cloud: portsOf(group, {
        ...{ ...common, cloud, dynamo, table, reached, events, ...measuring },
        ...(statistics && { statistics }),
      }) as Cloud,
      env,
      timers,
    });
    return worker;
  };
  const reconcilers = controllerGroups.map((group) => [
    group,
    reconcileMessages({ deployment, worker: workerOf(group), log }),
  ]);
  const memory = openMemory();
  return {
    core,
    dispatch: dispatchRecords({
      ...shared,
      controllers,
      deployment,
      coalescing: openCoalescing(clock, controllers),
      read: streamReader({ ...common, client: dynamo, table }),
    }),
    route: routeMessages({ ...common, queue: openReceived(work), work: invoke }),
    reconcile: Object.fromEntries(reconcilers) as DeployedProcess['reconcile'],
    resync: (tick, whole) =>
      resync({ ...shared, controllers, storage: core.storage, memory }, { tick, whole }),
    alive: () => alive,
    crash,
    crashed: dead.promise,
  };
}

/** Keys are made beside the clock: a token that is bound to a Pod says who shows it. */
const bootTokens: TokenVerifier = (token) => {
  const text = Buffer.from(token, 'base64url').toString();
  return text.startsWith('{') ? JSON.parse(text) : undefined;
};

/** A boot token as the simulation takes it. */
export const bootTokenOf = (namespace: string, account: string, pod: { name: string; uid: string }): string =>
  Buffer.from(
    JSON.stringify({
      name: `system:shallop:boot:${namespace}:${account}`,
      groups: [],
      extra: {
        'authentication.kubernetes.io/pod-name': [pod.name],
        'authentication.kubernetes.io/pod-uid': [pod.uid],
      },
    }),
  ).toString('base64url');

/** Calls of a dead process reach nothing, and nobody hears an answer. */
const mortal = (client: AwsClient, alive: () => boolean): AwsClient => ({
  send: async (command) => {
    if (!alive()) return never();
    try {
      const answer = await client.send(command);
      return alive() ? answer : never();
    } catch (error) {
      if (alive()) throw error;
      return never();
    }
  },
});

const never = () => new Promise<never>(() => {});
