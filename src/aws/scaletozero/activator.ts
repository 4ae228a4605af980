import type { ALBEvent } from 'aws-lambda';
import type { Clients } from '../../shared/client/client.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { conditionOf } from '../../shared/controllers/common/pods.ts';
import { membersOf } from '../../shared/controllers/endpoints/members.ts';
import { createRecorder, type Recorder } from '../../shared/controllers/events/recorder.ts';
import { ingresses, logicalClusters, pods, services } from '../../shared/controllers/resources.ts';
import { type Looked, look, scaleToZero } from '../../shared/controllers/scaletozero/index.ts';
import { isOf } from '../../shared/controllers/scaletozero/workload.ts';
import type { Ingress, Service } from '../../shared/kinds/schema/types.ts';
import { isUnicastOfOthers } from '../../shared/meta/unicast.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import type { Demand } from '../../shared/ports/cloud.ts';
import { asleepAnnotation } from '../../shared/ports/demand.ts';
import { albPrefix } from '../drivers/ingresses/actions.ts';
import { usualIdleSeconds } from '../drivers/ingresses/backendNames.ts';
import { type HeldAnswer, type HeldRequest, plainAnswer, requestOf } from './message.ts';
import { type Led, ledBy, membersAt } from './places.ts';

/** Where a program listens. */
export interface ProgramAt {
  address: string;
  port: number;
  isSecure: boolean;
}

/** Describes what the activator needs. */
export interface ActivatorParts {
  deployment: string;
  clients: Clients;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /**
   * Sends a request and waits so many milliseconds for the end of its answer; undefined when nobody accepted the connection,
   * so that nothing of it was heard.
   */
  send(to: ProgramAt, request: HeldRequest, withinMs: number): Promise<HeldAnswer | undefined>;
  /** Hears of each request that waited in vain. */
  onUnanswered(): void;
}

const lookMs = 1_000;
/** Of what the load balancer waits for an answer, so much is left for giving one. */
const lastMs = 5_000;
/** Rules reach all nodes of a load balancer after some seconds. */
const switchedMs = 5_000;

/**
 * Has requests wait for Pods that are brought back, and passes each on to one of them, once. Nothing is sent a second time that
 * a program may have heard.
 */
export function openActivator(parts: ActivatorParts) {
  /** Logical clusters by target groups: all else may change while this runs. */
  const known = new Map<string, string>();
  return async (event: ALBEvent): Promise<HeldAnswer> => {
    const group = event.requestContext.elb.targetGroupArn.split('/')[1] ?? '';
    const found = await find(group, known.get(group), parts);
    if (!found) return plainAnswer(503, 'Service Unavailable', 'no Ingress leads here any more');
    const { cluster } = found.led.key;
    known.set(group, cluster);
    const client = parts.clients(cluster);
    const recorder = createRecorder({ ...parts, client });
    try {
      return await answer(requestOf(event), found, recorder, parts);
    } finally {
      await recorder.stop();
    }
  };
}

async function answer(
  request: HeldRequest,
  { led, patienceMs }: Found,
  recorder: Recorder,
  parts: ActivatorParts,
): Promise<HeldAnswer> {
  const { clients, clock, send } = parts;
  const client = clients(led.key.cluster);
  const until = clock.now() + patienceMs - lastMs;
  const ctx = { client, clock, events: recorder.for(scaleToZero.name), cloud: { demand: waiting(clock) } };
  const refused = new Set<string>();
  let looked: Looked | undefined;
  for (let turn = 0; ; turn++) {
    // A look is eight questions; once it is awake only its Pods are waited for.
    if (!looked?.running.length || turn % 5 === 0) looked = await lookOrLater(led, ctx, parts);
    const service = await client.get(services, led.key.namespace, led.key.name);
    if (!service) return plainAnswer(503, 'Service Unavailable', 'there is no such Service');
    for (const at of await programsAt(service, looked, led, parts)) {
      if (refused.has(at.address)) continue;
      const answered = await send(at, request, until - switchedMs - clock.now());
      if (answered) return fitting(answered, request, led, until, parts);
      refused.add(at.address);
    }
    if (clock.now() + lookMs > until) {
      parts.onUnanswered();
      return plainAnswer(503, 'Service Unavailable', 'no Pod is ready yet', { 'retry-after': ['5'] });
    }
    await clock.sleep(lookMs);
    refused.clear();
  }
}

/** Others may write at the same time; the next look sees it. */
async function lookOrLater(
  { key }: Led,
  ctx: Parameters<typeof look>[1],
  { log }: ActivatorParts,
): Promise<Looked | undefined> {
  try {
    return await look(key, ctx);
  } catch (error) {
    log.info('a Service is woken by somebody else, or later', { ...key, error });
    return undefined;
  }
}

/** Somebody waits, or there would be nobody to ask. */
const waiting = (clock: Clock): Demand => ({
  refuses: () => undefined,
  follow: async () => {},
  forget: async () => {},
  lastUsed: async () => clock.now(),
  isWanted: async () => true,
  withhold: async () => 'used',
  restore: async () => {},
  async *wanted() {},
});

/** Pods that run and stay, whether the load balancer has found them healthy or not. */
async function programsAt(
  service: Service,
  looked: Looked | undefined,
  led: Led,
  { clients, ids }: ActivatorParts,
): Promise<ProgramAt[]> {
  const near = await clients(led.key.cluster).list(pods, { namespace: led.key.namespace });
  const port = service.spec?.ports?.find((each) => each.name === led.port || each.port === led.port);
  const found = membersOf(service, near)
    .filter(({ pod }) => looked?.running.some((each) => isOf(each, pod)))
    .filter(({ pod, terminating }) => !terminating && conditionOf(pod, 'ContainersReady')?.status === 'True')
    // Whoever may write a Pod's status says what its address is; it must not lead into this function.
    .filter(({ address }) => isUnicastOfOthers(address))
    .flatMap(({ address, ports }) =>
      ports
        .filter(({ name }) => name === (port?.name ?? ''))
        .map(({ port: number }) => ({ address, port: number, isSecure: isSecure(service, led) })),
    );
  const first = Math.floor(ids.random() * found.length);
  return [...found.slice(first), ...found.slice(0, first)];
}

const isSecure = ({ metadata }: Service, { ingress }: Led): boolean =>
  [metadata, ingress.metadata]
    .map(({ annotations }) => annotations?.[`${albPrefix}backend-protocol`])
    .find((protocol) => protocol !== undefined)
    ?.toUpperCase() === 'HTTPS';

/** Any member of a group says how long its load balancer waits; where two say it, the older one has the say. */
function patienceOf(members: Ingress[]): number {
  const age = ({ metadata: { creationTimestamp, namespace, name } }: Ingress) =>
    `${creationTimestamp ?? ''} ${namespace}/${name}`;
  const [said] = members
    .toSorted((a, b) => (age(a) < age(b) ? -1 : 1))
    .map(({ metadata }) => metadata.annotations?.[`${albPrefix}load-balancer-attributes`] ?? '')
    .flatMap((attributes) => /idle_timeout\.timeout_seconds=(\d+)/.exec(attributes)?.[1] ?? []);
  return Math.min(Number(said ?? usualIdleSeconds), 890) * 1000;
}

/**
 * An answer that is too long for a function, or does not end while the load balancer waits: a request that may be sent twice
 * is to come again, past it.
 */
async function fitting(
  answered: HeldAnswer,
  { method, path }: HeldRequest,
  led: Led,
  until: number,
  { clients, clock }: ActivatorParts,
): Promise<HeldAnswer> {
  if (!answered.isCut) return answered;
  if (method !== 'GET')
    return plainAnswer(
      502,
      'Bad Gateway',
      'the answer is longer, or takes longer, than passes while Pods start',
    );
  const { namespace, name, cluster } = led.key;
  while (clock.now() + lookMs + switchedMs < until) {
    const service = await clients(cluster).get(services, namespace, name);
    if (service?.metadata.annotations?.[asleepAnnotation] === undefined) break;
    await clock.sleep(lookMs);
  }
  await clock.sleep(switchedMs);
  return plainAnswer(307, 'Temporary Redirect', 'come again', { location: [path] });
}

interface Found {
  led: Led;
  /** How long the load balancer waits for an answer. */
  patienceMs: number;
}

/**
 * Which Service port the target group is for: what its name is made of says so, and no service of AWS has to be asked. All
 * logical clusters are asked where none is known.
 */
async function find(
  group: string,
  known: string | undefined,
  { clients, deployment }: ActivatorParts,
): Promise<Found | undefined> {
  for (const cluster of known === undefined ? await clustersOf(clients) : [known]) {
    const all = await clients(cluster).list(ingresses);
    const led = ledBy(deployment, cluster, all).find(({ waitingGroup }) => waitingGroup === group);
    if (led) return { led, patienceMs: patienceOf(membersAt(led, deployment, all)) };
  }
  return undefined;
}

async function clustersOf(clients: Clients): Promise<string[]> {
  const others = await clients('default').list(logicalClusters);
  return ['default', ...others.map(({ metadata: { name = '' } }) => name)];
}
