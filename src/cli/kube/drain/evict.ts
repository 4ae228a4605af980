import { setTimeout as sleep } from 'node:timers/promises';
import { pathOf } from '../discovery.ts';
import { dryRunOf } from '../dryRun.ts';
import { isNotFound, ServerError } from '../failure.ts';
import type { Pod } from '../pods.ts';
import { getObject } from '../read.ts';
import { numberOf, type Scene, secondsOf, timeoutOf } from '../scene.ts';
import { resourceNamed } from '../targets.ts';
import { isOverdue } from './plan.ts';

const retryMs = 5_000;
const lookMs = 1_000;

/** Is what the removal of Pods shares. */
interface Removal extends Scene {
  pods: ReturnType<typeof resourceNamed>;
  /** By eviction; else by deletion, which asks no PodDisruptionBudget. */
  isEviction: boolean;
  isDry: boolean;
  /** Aborts when the time is over, or the user ends the command. */
  ending: AbortSignal;
}

/** Has all Pods go at once, and answers why some have not. */
export async function remove(scene: Scene, going: Pod[]): Promise<unknown[]> {
  const { call, io } = scene;
  const timeout = timeoutOf(secondsOf(call, 'timeout'));
  const pods = resourceNamed('pods', await scene.resources());
  const removal: Removal = {
    ...scene,
    pods,
    isEviction: !call.flag('disable-eviction') && pods.subresources.includes('eviction'),
    isDry: dryRunOf(call) === 'server',
    ending: AbortSignal.any([timeout, io.interrupted]),
  };
  const one = removal.isEviction ? evict : deleteOne;
  const ends = await Promise.allSettled(going.map((pod) => one(removal, pod)));
  io.interrupted.throwIfAborted();
  return ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
}

/** Asks again while a PodDisruptionBudget refuses. */
async function evict(removal: Removal, pod: Pod): Promise<void> {
  const { io, isDry, ending } = removal;
  const { namespace, name } = pod.metadata;
  const which = `pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`;
  let active = pod;
  for (;;) {
    io.out(`evicting pod ${namespace}/${name}${isDry ? ' (server dry run)' : ''}`);
    if (ending.aborted)
      throw new Error(
        `error when evicting ${which}: global timeout reached: ${removal.call.text('timeout')}`,
      );
    const refusal = await askToGo(removal, active);
    if (!refusal) break;
    if (isNotFound(refusal)) return;
    const { message, details, code } = refusal.status;
    const isEnding = code === 403 && details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating');
    if (isEnding && active.metadata.deletionTimestamp) break;
    if (!isEnding && code !== 429) throw new Error(`error when evicting ${which}: ${message}`);
    const what = isEnding
      ? `pod ${JSON.stringify(name)} from terminating namespace ${JSON.stringify(namespace)}`
      : which;
    io.err(`error when evicting ${what} (will retry after ${retryMs / 1000}s): ${message}`);
    await sleep(retryMs, undefined, { signal: io.interrupted });
    active = (await look(removal, pod).catch(() => undefined)) ?? active;
  }
  if (isDry) return;
  await untilGone(removal, active, 'evicted').catch((error) => {
    throw new Error(
      `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate: ${error.message}`,
    );
  });
}

async function deleteOne(removal: Removal, pod: Pod): Promise<void> {
  const { connection, pods, isDry } = removal;
  const { namespace, name } = pod.metadata;
  await connection
    .json({ method: 'DELETE', path: pathOf(pods, namespace, name), body: deletion(removal) })
    .catch((error) => {
      if (!isNotFound(error)) throw error;
    });
  if (!isDry) await untilGone(removal, pod, 'deleted');
}

/** Answers the refusal of an eviction, if it is refused. */
async function askToGo(removal: Removal, { metadata }: Pod): Promise<ServerError | undefined> {
  const { namespace, name } = metadata;
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: deletion(removal),
  };
  const path = pathOf(removal.pods, namespace, name, 'eviction');
  try {
    await removal.connection.ask({ method: 'POST', path, body });
    return undefined;
  } catch (error) {
    if (error instanceof ServerError) return error;
    throw error;
  }
}

function deletion({ call, isDry }: Removal) {
  const gracePeriodSeconds = numberOf(call, 'grace-period') ?? -1;
  return {
    ...(gracePeriodSeconds >= 0 && { gracePeriodSeconds }),
    ...(isDry && { dryRun: ['All'] }),
  };
}

const look = ({ connection, pods }: Removal, { metadata }: Pod): Promise<Pod> =>
  getObject(connection, pods, metadata.namespace, metadata.name) as Promise<Pod>;

async function untilGone(removal: Removal, pod: Pod, done: string): Promise<void> {
  const { call, io, ending } = removal;
  const { name, uid } = pod.metadata;
  const skipSeconds = numberOf(call, 'skip-wait-for-delete-timeout') ?? 0;
  for (;;) {
    const found = await look(removal, pod).catch((error) => {
      if (!isNotFound(error)) throw error;
    });
    if (!found || found.metadata.uid !== uid) return io.out(`pod/${name} ${done}`);
    if (isOverdue(found, skipSeconds, Date.now()))
      return io.out(
        `pod ${JSON.stringify(name)} has DeletionTimestamp older than ${skipSeconds} seconds, skipping`,
      );
    await sleep(lookMs, undefined, { signal: ending }).catch(() => {
      throw new Error(io.interrupted.aborted ? 'interrupted' : 'context deadline exceeded');
    });
  }
}
