import type { Clients } from '../../../client/client.ts';
import type { RuntimeEventSink } from '../../../cloud/provider.ts';
import type { Controller, ReconcileContext } from '../../controller.ts';
import { createRecorder, type Recorder } from '../../events/recorder.ts';
import { logicalClusters, pods } from '../../resources.ts';
import { openGate } from './gate.ts';
import { type Later, postpone } from './postpone.ts';
import type { Timers, WorkQueues } from './queues.ts';
import { type Outcome, runKey } from './runKey.ts';
import { type Work, workFor, workId } from './work.ts';

export interface WorkerDeps extends Omit<ReconcileContext, 'client' | 'events'> {
  /** Those of this worker's group. */
  controllers: readonly Controller[];
  /** Must read what was written before the message came: no caches. */
  clients: Clients;
  queues: WorkQueues;
  timers: Timers;
}

export interface Worker {
  /**
   * Reconciles what the messages of one delivery ask for: each key once, different keys at the same time. Answers, by
   * index, the messages that have to come again and why. What was recorded is written then.
   */
  run(batch: readonly Work[]): Promise<Map<number, unknown>>;
  /** Where a PodRuntime tells what kubelet would record as Events. Written by the end of the run. */
  podEvent: RuntimeEventSink;
}

export function createWorker(deps: WorkerDeps): Worker {
  const { controllers, clients, clock, ids, log } = deps;
  const byName = new Map(controllers.map((controller) => [controller.name, controller]));
  const recorders = new Map<string, Recorder>();
  const recorderOf = (cluster: string) => {
    const known = recorders.get(cluster) ?? createRecorder({ client: clients(cluster), clock, log, ids });
    recorders.set(cluster, known);
    return known;
  };
  const contextOf = ({ controller, cluster }: Work): ReconcileContext => ({
    ...deps,
    client: clients(cluster),
    log: log.with({ controller, cluster }),
    events: recorderOf(cluster).for(controller),
  });

  const told = new Set<Promise<void>>();
  const podEvent: RuntimeEventSink = (ref, event) => {
    const telling = clients(ref.cluster)
      .get(pods, ref.namespace, ref.name)
      .then((pod) => {
        if (pod?.metadata.uid === ref.uid)
          recorderOf(ref.cluster).for('kubelet')(pod, { ...event, host: pod.spec?.nodeName ?? '' });
      })
      .catch((error: unknown) => log.debug('an Event was not written', { error }))
      .finally(() => told.delete(telling));
    told.add(telling);
  };

  return {
    podEvent,
    async run(batch) {
      const stands = standing(clients);
      const runOnce = onceEach(controllers, contextOf);
      const later = new Map<string, Later>();
      const failures = new Map<string, unknown>();
      const asked = new Map<number, string[]>();
      const seen = new Set<string>();
      await Promise.all(
        batch.map(async (message, i) => {
          const controller = byName.get(message.controller);
          if (!controller) return log.warn('no such controller in this group', { ...message });
          if (seen.has(workId(message)) || controller.isFor?.(deps.cloud) === false) return;
          seen.add(workId(message));
          const works = message.always ? named(controller, message, deps) : [message];
          asked.set(i, works.map(workId));
          if (!(await stands(message.cluster))) return;
          await Promise.all(
            works.map(async (work) => {
              const outcome = await runOnce(controller, work);
              if (outcome === 'done') return;
              if ('error' in outcome) failures.set(workId(work), outcome.error);
              else later.set(workId(work), { work, afterMs: outcome.afterMs });
            }),
          );
        }),
      );
      for (const [id, error] of await postpone([...later.values()], deps)) failures.set(id, error);
      await Promise.all(told);
      await Promise.all([...recorders.values()].map((recorder) => recorder.stop()));
      const again = new Map<number, unknown>();
      for (const [i, ids] of asked)
        for (const id of ids) if (failures.has(id)) again.set(i, failures.get(id));
      return again;
    },
  };
}

const named = (controller: Controller, { cluster }: Work, { cloud }: WorkerDeps): Work[] =>
  (controller.always?.(cloud) ?? []).map((key) => workFor(controller, cluster, key));

function onceEach(controllers: readonly Controller[], contextOf: (work: Work) => ReconcileContext) {
  const gates = new Map(controllers.map(({ name, concurrency = 16 }) => [name, openGate(concurrency)]));
  const runs = new Map<string, Promise<Outcome>>();
  return (controller: Controller, work: Work): Promise<Outcome> => {
    const known = runs.get(workId(work));
    if (known) return known;
    const run = gates.get(controller.name)!(() => runKey(controller, work, contextOf(work)));
    runs.set(workId(work), run);
    return run;
  };
}

/** Whether work for a logical cluster may still be done: for one that goes, only the controller that removes it works. */
function standing(clients: Clients): (cluster: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return async (cluster) => {
    if (cluster === 'default') return true;
    const found =
      known.get(cluster) ??
      clients('default')
        .get(logicalClusters, '', cluster)
        .then((object) => !!object && !object.metadata.deletionTimestamp);
    known.set(cluster, found);
    return found;
  };
}
