import type { Clients } from '../../../client/client.ts';
import type { Pod } from '../../../kinds/schema/types.ts';
import type { PodRef, RuntimeEventSink } from '../../../ports/cloud.ts';
import type { Controller, ReconcileContext } from '../../controller.ts';
import { createRecorder, type Recorder } from '../../events/recorder.ts';
import { logicalClusters, pods } from '../../resources.ts';
import { withNamedSteps } from '../namedSteps.ts';
import { awaken } from './awaken.ts';
import { postpone } from './postpone.ts';
import type { Timers, WorkQueues } from './queues.ts';
import { type Outcome, openRuns, type Runs } from './runs.ts';
import { type Work, workFor, workId } from './work.ts';

/** Is what the worker of one group of controllers needs from its composition root. */
export interface WorkerDeps extends Omit<ReconcileContext, 'client' | 'events'> {
  /** Those of this worker's group. */
  controllers: readonly Controller[];
  /** Must read what was written before the message came: no caches. */
  clients: Clients;
  queues: WorkQueues;
  timers: Timers;
}

/** Reconciles what messages ask for, in a process that may end between any two deliveries. */
export interface Worker {
  /**
   * Reconciles what the messages of one delivery ask for: each key once, different keys at the same time. Answers, by
   * index, the messages that have to come again and why; also those that are not done after `budgetMs`. What was
   * recorded is written then.
   */
  run(batch: readonly Work[], budgetMs?: number): Promise<Map<number, unknown>>;
  /** Says where a PodRuntime tells what kubelet would record as Events. Written by the end of the run. */
  podEvent: RuntimeEventSink;
}

/** Makes the worker of one group. It remembers nothing between deliveries. */
export function createWorker(deps: WorkerDeps): Worker {
  const { controllers, clients, clock, log } = deps;
  const recorders = openRecorders(deps);
  const contextOf = ({ controller, cluster }: Work): ReconcileContext =>
    withNamedSteps({
      ...deps,
      client: clients(cluster),
      log: log.with({ controller, cluster }),
      events: recorders.of(cluster).for(controller),
    });

  /** Returns what one message led to; nothing when there is nobody to work for any more. */
  const attend = async ({ work, controller }: Job, runs: Runs, stands: Stands): Promise<Outcome[]> => {
    try {
      if (!(await stands(work.cluster))) return [];
      const works = work.always ? named(controller, work, deps) : [work];
      return await Promise.all(works.map((each) => runs(controller, each)));
    } catch (error) {
      return [{ work, error }];
    }
  };

  return {
    podEvent: recorders.podEvent,
    async run(batch, budgetMs) {
      const began = clock.now();
      const jobs = jobsOf(batch, deps);
      const stands = standing(clients);
      const { runs, end } = openRuns(controllers, contextOf, { clock, ...(budgetMs && { budgetMs }) });
      const outcomes = await Promise.all(jobs.map((job) => attend(job, runs, stands)));
      end();
      const unsent = new Map([
        ...(await postpone(outcomes.flat(), deps)),
        ...(await awaken(outcomes.flat(), deps)),
      ]);
      await recorders.written();
      const again = new Map<number, unknown>();
      for (const [n, { index }] of jobs.entries())
        for (const { work, error = unsent.get(workId(work)) } of outcomes[n]!)
          if (error !== undefined) again.set(index, error);
      log.info('reconciled', {
        keys: jobs.length,
        failed: again.size,
        ms: clock.now() - began,
        lagMs: Math.max(0, ...jobs.map(({ work: { since = began } }) => began - since)),
      });
      return again;
    },
  };
}

/** The first of the messages that ask for the same. */
interface Job {
  index: number;
  work: Work;
  controller: Controller;
}

function jobsOf(batch: readonly Work[], { controllers, cloud, log }: WorkerDeps): Job[] {
  const byName = new Map(controllers.map((controller) => [controller.name, controller]));
  const seen = new Set<string>();
  return batch.flatMap((work, index) => {
    const controller = byName.get(work.controller);
    if (!controller) log.warn('no such controller in this group', { ...work });
    if (!controller || controller.isFor?.(cloud) === false || seen.has(workId(work))) return [];
    seen.add(workId(work));
    return [{ index, work, controller }];
  });
}

const named = (controller: Controller, { cluster }: Work, { cloud }: WorkerDeps): Work[] =>
  (controller.always?.(cloud) ?? []).map((key) => workFor(controller, cluster, key));

type Stands = (cluster: string) => Promise<boolean>;

/**
 * Returns whether work for a logical cluster may still be done: for one that goes, only controllers of `default` work.
 */
function standing(clients: Clients): Stands {
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

/** The Events of every logical cluster that this worker has worked for. */
function openRecorders({ clients, clock, log, ids }: WorkerDeps) {
  const recorders = new Map<string, Recorder>();
  const unwritten = new Set<Promise<void>>();
  const of = (cluster: string): Recorder => {
    const known = recorders.get(cluster) ?? createRecorder({ client: clients(cluster), clock, log, ids });
    recorders.set(cluster, known);
    return known;
  };
  /** A runtime tells several things of a Pod in a row. */
  const known = new Map<string, Promise<Pod | undefined>>();
  const podOf = ({ cluster, namespace, name, uid }: PodRef): Promise<Pod | undefined> => {
    const found = known.get(uid) ?? clients(cluster).get(pods, namespace, name);
    known.set(uid, found);
    return found;
  };
  const podEvent: RuntimeEventSink = (ref, event) => {
    const writing = podOf(ref)
      .then((pod) => {
        if (pod?.metadata.uid === ref.uid)
          of(ref.cluster).for('kubelet')(pod, { ...event, host: pod.spec?.nodeName ?? '' });
      })
      .catch((error: unknown) => log.debug('an Event was not written', { error }))
      .finally(() => unwritten.delete(writing));
    unwritten.add(writing);
  };
  const written = async () => {
    await Promise.all(unwritten);
    known.clear();
    await Promise.all([...recorders.values()].map((recorder) => recorder.stop()));
  };
  return { of, podEvent, written };
}
