import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTime } from '../../clock/clock.ts';
import type { Job, Pod, PodStatus } from '../../kinds/schema/types.ts';
import { isActive, isTerminal } from '../common/pods.ts';
import { isFinished } from './conditions.ts';
import { indexOf, isTracked, trackingFinalizer } from './facts.ts';
import { parseIntervals, sizeOf } from './intervals.ts';
import { type Plan, plan } from './plan.ts';

/** Objects as the API keeps them, and what really happened to every Pod, which the status has to agree with. */
class World {
  now = Date.parse('2026-01-01T00:00:00Z');
  pods: Pod[] = [];
  uids = 0;
  gone = 0;
  readonly succeeded = new Set<string>();
  readonly failed = new Set<string>();
  readonly dropped = new Set<string>();
  /** Let go of while they were ending: a Job that has succeeded meanwhile does not count them, as upstream. */
  readonly unjudged = new Set<string>();
  /** Counted as failed, if only because they were ending. */
  readonly toldFailed = new Set<string>();
  job: Job;

  constructor(spec: Partial<Job['spec'] & object>) {
    const template = { spec: { restartPolicy: 'Never' as const, containers: [{ name: 'c', image: 'i' }] } };
    this.job = {
      metadata: { name: 'j', namespace: 'default', uid: 'job' },
      spec: {
        parallelism: 1,
        backoffLimit: 6,
        podReplacementPolicy: 'TerminatingOrFailed',
        template,
        ...spec,
      },
    };
  }

  /** Runs the controller, which dies after `steps` writes. */
  reconcile(steps: number): void {
    if (isFinished(this.job)) {
      for (const pod of this.pods) this.release(pod);
      return;
    }
    const { failed = 0, succeeded = 0 } = this.job.status ?? {};
    const { job, pods, now } = this;
    const todo = plan({ job, pods, now, epoch: this.gone + failed + succeeded });
    for (const step of this.steps(todo).slice(0, steps)) step();
  }

  steps(todo: Plan): (() => void)[] {
    const write = (status: Job['status'] & object) => () => {
      this.job = { ...this.job, status };
      for (const uid of status.uncountedTerminatedPods?.failed ?? []) this.toldFailed.add(uid);
    };
    return [
      ...todo.stop.map((pod) => () => this.delete(pod)),
      ...todo.drop.flatMap((pod) => [
        () => {
          this.dropped.add(pod.metadata.uid!);
          this.release(pod);
        },
        () => this.delete(pod),
      ]),
      ...todo.create.map((pod) => () => this.create(pod)),
      write(todo.before),
      ...todo.release.map((pod) => () => this.release(pod)),
      write(todo.after),
    ];
  }

  create(pod: Pod): void {
    expect(this.pods.map(({ metadata }) => metadata.name)).not.toContain(pod.metadata.name);
    const uid = `pod-${++this.uids}`;
    const creationTimestamp = formatTime(this.now);
    this.pods.push({
      ...pod,
      metadata: { ...pod.metadata, uid, creationTimestamp },
      status: { phase: 'Running' },
    });
  }

  delete(pod: Pod): void {
    this.change(pod, ({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, deletionTimestamp: metadata.deletionTimestamp ?? formatTime(this.now) },
    }));
    this.sweep();
  }

  release(pod: Pod): void {
    const now = this.pods.find(({ metadata }) => metadata.uid === pod.metadata.uid);
    if (now?.metadata.deletionTimestamp && !isTerminal(now)) this.unjudged.add(pod.metadata.uid!);
    this.change(pod, ({ metadata, ...rest }) => ({
      ...rest,
      metadata: {
        ...metadata,
        finalizers: (metadata.finalizers ?? []).filter((f) => f !== trackingFinalizer),
      },
    }));
    this.sweep();
  }

  /** kubelet's part. */
  end(pod: Pod, succeeds: boolean): void {
    if (isTerminal(pod)) return;
    const status: PodStatus = {
      phase: succeeds ? 'Succeeded' : 'Failed',
      containerStatuses: [
        {
          name: 'c',
          ready: false,
          restartCount: 0,
          image: 'i',
          imageID: '',
          state: { terminated: { exitCode: succeeds ? 0 : 1, finishedAt: formatTime(this.now) } },
        },
      ],
    };
    this.change(pod, (now) => ({ ...now, status }));
    this.sweep();
  }

  change({ metadata: { uid } }: Pod, change: (pod: Pod) => Pod): void {
    this.pods = this.pods.map((pod) => (pod.metadata.uid === uid ? change(pod) : pod));
  }

  /** Pods that are deleted, have ended and are held by nothing are gone. */
  sweep(): void {
    const before = this.pods.length;
    this.pods = this.pods.filter(
      (pod) => !pod.metadata.deletionTimestamp || !isTerminal(pod) || isTracked(pod),
    );
    this.gone += before - this.pods.length;
  }
}

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('reconcile' as const), steps: fc.nat({ max: 12 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('end' as const), pod: fc.nat(), succeeds: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), pod: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('scale' as const), parallelism: fc.nat({ max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 30_000 }) }) },
);
const specs = fc.record(
  {
    completions: fc.nat({ max: 5 }),
    parallelism: fc.nat({ max: 4 }),
    backoffLimit: fc.nat({ max: 3 }),
    podReplacementPolicy: fc.constantFrom('Failed' as const, 'TerminatingOrFailed' as const),
  },
  { requiredKeys: ['parallelism', 'podReplacementPolicy'] },
);
const indexed = fc.record(
  {
    completionMode: fc.constant('Indexed' as const),
    completions: fc.integer({ min: 1, max: 5 }),
    parallelism: fc.nat({ max: 4 }),
    backoffLimitPerIndex: fc.nat({ max: 1 }),
    maxFailedIndexes: fc.nat({ max: 2 }),
    backoffLimit: fc.constant(1000),
    podReplacementPolicy: fc.constantFrom('Failed' as const, 'TerminatingOrFailed' as const),
  },
  { requiredKeys: ['completionMode', 'completions', 'parallelism', 'podReplacementPolicy', 'backoffLimit'] },
);

function run(world: World, actions: (typeof action extends fc.Arbitrary<infer A> ? A : never)[]): void {
  const at = (n: number) => world.pods[n % Math.max(1, world.pods.length)];
  for (const step of actions) {
    const pod = 'pod' in step ? at(step.pod) : undefined;
    if (step.do === 'reconcile') world.reconcile(step.steps);
    else if (step.do === 'wait') world.now += step.ms;
    else if (step.do === 'suspend')
      world.job = { ...world.job, spec: { ...world.job.spec!, suspend: step.on } };
    else if (step.do === 'scale')
      world.job = { ...world.job, spec: { ...world.job.spec!, parallelism: step.parallelism } };
    else if (step.do === 'delete' && pod) world.delete(pod);
    else if (step.do === 'end' && pod) world.end(pod, step.succeeds);
    check(world);
  }
  settle(world);
}

/** Checks what holds at any time. */
function check({ job, pods }: World): void {
  const { spec, status = {} } = job;
  const active = pods.filter((pod) => isActive(pod) && isTracked(pod));
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  expect(new Set([...succeeded, ...failed]).size).toBe(succeeded.length + failed.length);
  if (spec?.completionMode !== 'Indexed') return;
  const indexes = active.map((pod) => indexOf(pod));
  expect(new Set(indexes).size).toBe(indexes.length);
  const done = parseIntervals(status.completedIndexes, spec.completions!);
  expect(status.succeeded ?? 0).toBe(sizeOf(done));
}

/** Lets everything go well from now on: it has to end. */
function settle(world: World): void {
  world.job = { ...world.job, spec: { ...world.job.spec!, suspend: false, parallelism: 2 } };
  for (let turn = 0; turn < 200 && !isFinished(world.job); turn++) {
    world.reconcile(1000);
    for (const pod of world.pods) world.end(pod, !pod.metadata.deletionTimestamp);
    world.now += 700_000;
  }
  world.reconcile(1000);
  const { status = {} } = world.job;
  expect(isFinished(world.job)).toBe(true);
  expect(world.pods.filter(isTracked)).toEqual([]);
  expect(status.uncountedTerminatedPods).toEqual({});
  expect(status.active ?? 0).toBe(0);
  // That it was suspended stays said of one that ended meanwhile.
  const ends = status.conditions?.filter(
    ({ type, status: holds }) => holds === 'True' && type !== 'Suspended',
  );
  expect(ends).toHaveLength(2);
}

test('whatever happens and whichever process dies, a Job ends and each of its Pods is counted once', () => {
  fc.assert(
    fc.property(specs, fc.array(action, { maxLength: 60 }), (spec, actions) => {
      const world = new World(spec);
      const every = new Map<string, Pod>();
      const remember = world.change.bind(world);
      world.change = (pod, change) => {
        remember(pod, (now) => {
          const next = change(now);
          every.set(next.metadata.uid!, next);
          return next;
        });
      };
      run(world, actions);
      const { succeeded = 0, failed = 0 } = world.job.status ?? {};
      const counts = [...every.values()].filter(({ metadata }) => !world.dropped.has(metadata.uid!));
      const ended = counts.filter((pod) => pod.status?.phase === 'Succeeded');
      expect(succeeded).toBeLessThanOrEqual(ended.length);
      // One that was counted as failed while it was ending, and then succeeded, completes its Job, as upstream.
      const misjudged = ended.filter(({ metadata }) => world.toldFailed.has(metadata.uid!)).length;
      const lost = [...world.unjudged].filter((uid) => !world.dropped.has(uid)).length;
      expect(succeeded + failed).toBeLessThanOrEqual(world.uids - world.dropped.size);
      expect(succeeded + failed).toBeGreaterThanOrEqual(world.uids - world.dropped.size - lost);
      if (world.job.status?.conditions?.some(({ type }) => type === 'Complete'))
        expect(succeeded + misjudged).toBeGreaterThanOrEqual(world.job.spec?.completions ?? 1);
      else expect(failed).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test('an Indexed Job runs every index, none twice at a time, and says which failed', () => {
  fc.assert(
    fc.property(indexed, fc.array(action, { maxLength: 60 }), (spec, actions) => {
      const world = new World(spec);
      run(world, actions);
      const { completedIndexes, failedIndexes, conditions = [] } = world.job.status ?? {};
      const [done, lost] = [completedIndexes, failedIndexes].map((text) => parseIntervals(text, 5));
      if (conditions.some(({ type }) => type === 'Complete')) expect(sizeOf(done!)).toBe(spec.completions);
      else expect(sizeOf(lost!)).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});
