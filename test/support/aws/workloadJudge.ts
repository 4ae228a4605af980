import { indexAnnotation, isTracked } from '../../../src/shared/controllers/job/facts.ts';
import type {
  Job,
  Pod,
  PodDisruptionBudget,
  PodDisruptionBudgetStatus,
} from '../../../src/shared/kinds/schema/types.ts';
import { controllerOf, type KubeObject } from '../../../src/shared/meta/object.ts';
import type { Change } from '../../../src/shared/ports/storage.ts';
import type { FakeEcsTask } from './fakeEcsTask.ts';

/** What only one task may be at a time: an ordinal of a StatefulSet, an index of a Job. */
interface Slot {
  name: string;
  /** A Job may replace a Pod that is told to go before it has gone. */
  whileEnding: boolean;
}

const followed = new Set(['pods', 'jobs.batch', 'poddisruptionbudgets.policy']);

/** Follows every change and every task of workloads, and writes down what must never be. */
export class WorkloadJudge {
  /** What was wrong, as it was seen. */
  readonly wrong: string[] = [];
  /** Of each Job that ever was, by UID. */
  readonly jobs = new Map<string, Job>();
  evictions = 0;
  readonly #budgets = new Map<string, Partial<PodDisruptionBudgetStatus>>();
  /** How many Pods of a Job, or of one of its indexes, have succeeded. */
  readonly #succeeded = new Map<string, number>();
  readonly #pods = new Map<string, Pod>();
  readonly #slots = new Map<string, Slot>();
  readonly #active = new Map<string, Set<string>>();
  readonly #ended = new Set<string>();
  /** Of each Job, its Pods that were counted as failed. */
  readonly #failed = new Map<string, Set<string>>();

  changed({ type, object }: Change): void {
    const { resource } = object.key;
    if (!followed.has(resource)) return;
    const value: KubeObject = JSON.parse(Buffer.from(object.value).toString());
    const isGone = type === 'delete';
    if (resource === 'pods') this.#pod(value as Pod, isGone);
    else if (resource === 'jobs.batch') this.#job(value as Job, isGone);
    else if (!isGone) this.#budget(value);
  }

  /**
   * How many Pods of a Job were counted as failed while they were told to go, and then succeeded: as with a real server
   * they complete the Job, and its status does not name them among those that have.
   */
  succeededAfterAll(uid: string): number {
    return [...(this.#failed.get(uid) ?? [])].filter((pod) => this.#ended.has(pod)).length;
  }

  /** Each slot has one task at most. */
  tasks(tasks: readonly FakeEcsTask[]): void {
    const taken = new Map<string, string>();
    for (const { startedBy = '', id, stoppedAt } of tasks) {
      const slot = this.#slots.get(startedBy);
      if (!slot || stoppedAt !== undefined) continue;
      const isEnding = this.#pods.get(startedBy)?.metadata.deletionTimestamp !== undefined;
      if (isEnding && slot.whileEnding) continue;
      const other = taken.get(slot.name);
      if (other !== undefined) this.#note(`${slot.name} runs twice at once: ${other} ${startedBy}`);
      taken.set(slot.name, `${startedBy} (${id.slice(-4)})`);
    }
  }

  /** Evictions take what the budget allows, one each; it is its controller that allows more. */
  #budget({ metadata, status }: PodDisruptionBudget): void {
    const known = this.#budgets.get(metadata.uid ?? '') ?? {};
    this.#budgets.set(metadata.uid ?? '', status ?? {});
    const taken = Object.keys(status?.disruptedPods ?? {}).filter((pod) => !known.disruptedPods?.[pod]);
    if (taken.length > (known.disruptionsAllowed ?? 0))
      this.#note(`${taken} were evicted while ${known.disruptionsAllowed} might be`);
    this.evictions += taken.length;
  }

  #pod(pod: Pod, isGone: boolean): void {
    const { uid = '', namespace, name } = pod.metadata;
    if (isGone) {
      this.#pods.delete(uid);
      return;
    }
    this.#pods.set(uid, pod);
    const owner = controllerOf(pod);
    if (owner?.kind === 'StatefulSet')
      this.#slots.set(uid, { name: `${namespace}/${name}`, whileEnding: false });
    if (owner?.kind !== 'Job') return;
    const index = pod.metadata.annotations?.[indexAnnotation];
    const job = this.jobs.get(owner.uid);
    const name_ = index === undefined ? owner.name : `${owner.name}[${index}]`;
    if (index !== undefined)
      this.#slots.set(uid, {
        name: `${owner.uid} ${name_}`,
        whileEnding: job?.spec?.podReplacementPolicy !== 'Failed',
      });
    if (pod.status?.phase !== 'Succeeded' || this.#ended.has(uid)) return;
    // One that was told to go, counted as failed and let go of is made again, as with a real server, whatever becomes of it.
    if (this.#failed.get(owner.uid)?.has(uid) && !isTracked(pod)) return;
    this.#ended.add(uid);
    const done = `${owner.uid} ${name_}`;
    const count = (this.#succeeded.get(done) ?? 0) + 1;
    this.#succeeded.set(done, count);
    const most = index === undefined ? (job?.spec?.completions ?? 1) : 1;
    if (count > most) this.#note(`${done} has succeeded ${count} times`);
  }

  /** A CronJob that forbids it has one Job at a time. */
  #job(job: Job, isGone: boolean): void {
    const { uid = '', deletionTimestamp } = job.metadata;
    this.jobs.set(uid, job);
    const failed = this.#failed.get(uid) ?? new Set();
    this.#failed.set(uid, failed);
    for (const pod of job.status?.uncountedTerminatedPods?.failed ?? []) failed.add(pod);
    const owner = controllerOf(job);
    if (owner?.kind !== 'CronJob') return;
    const active = this.#active.get(owner.uid) ?? new Set();
    this.#active.set(owner.uid, active);
    const isOver = job.status?.conditions?.some(
      ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
    );
    if (isGone || deletionTimestamp || isOver) active.delete(uid);
    else active.add(uid);
    if (active.size > 1 && !owner.name.startsWith('allow'))
      this.#note(`${owner.name} has ${active.size} Jobs at once`);
  }

  #note(text: string): void {
    if (!this.wrong.includes(text)) this.wrong.push(text);
  }
}
