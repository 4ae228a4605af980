import type { Task } from '@aws-sdk/client-ecs';
import { attemptOf } from '../../../src/aws/drivers/pods/identity.ts';
import { tags } from '../../../src/aws/drivers/tags.ts';
import type { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import type { AwsClient } from './deployedTrouble.ts';
import { type Refusals, withQuotas } from './ecsQuotas.ts';
import { FakeEcs } from './fakeEcs.ts';
import type { FakeEcsTask } from './fakeEcsTask.ts';
import { settings } from './fakeEcsWorld.ts';
import { FakeEfs } from './fakeEfs.ts';
import { FakeElb } from './fakeElb.ts';
import { FakeRoute53 } from './fakeRoute53.ts';
import { FakeSecrets } from './fakeSecrets.ts';

export const { deployment } = settings;
/** Where volumes are. */
export const fileSystem = 'fs-1';
/** From RunTask to the first container. */
const startMs = 3_000;
/** ListTasks knows of a task only after a while: at worst when it has told already that it runs. */
const listedAfterMs = { mostly: 1_000, worst: 5_000 };
/** Until the first checks of a target are done. */
const initialMs = [30_000, 120_000] as const;
/** How long an application load balancer sends requests to a target that it was told of: until all its nodes know. */
const webTailMs = [1_000, 20_000] as const;
/** Between two looks at what has changed by itself. */
const tickMs = 250;

/** What the drivers touch, in memory: one account, and what ECS tells of it. Counts what must never be. */
export class DeployedCloud {
  readonly ecs: FakeEcs;
  /** ECS as functions reach it: within the account's quotas. */
  readonly ecsClient: AwsClient;
  /** Calls of ECS that were refused for these. */
  readonly ecsRefusals: Refusals = new Map();
  readonly elb = new FakeElb();
  readonly route53 = new FakeRoute53();
  readonly secrets = new FakeSecrets();
  readonly efs = new FakeEfs([fileSystem]);
  /** Is shown all tasks whenever they may have changed. */
  judge: (tasks: readonly FakeEcsTask[]) => void = () => {};
  /** Tasks that were one too many, as they were seen. */
  readonly doubled: string[] = [];
  /** Every `<Pod's UID> attempt <number>` that there has ever been. */
  readonly attempts = new Set<string>();
  /** How long a target gets connections after it left. */
  tailMs: readonly [least: number, most: number] = [110_000, 125_000];
  #nextTickAt = 0;
  #underWay = false;
  /** How often ECS had been touched at the last look. */
  #touched = 0;
  /** The last state of each task that was told of. */
  readonly #seen = new Map<string, string>();
  readonly #clock: ManualClock;
  readonly #tell: (body: string) => void;

  /** `tell` gets each `ECS Task State Change`. */
  constructor(clock: ManualClock, random: () => number, tell: (body: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.ecs = new FakeEcs({ clock, startMs });
    this.ecsClient = withQuotas(this.ecs as unknown as AwsClient, clock, this.ecsRefusals);
    this.become('mostly');
    this.elb.state = 'provisioning';
    const between = ([least, most]: readonly [number, number]) => least + random() * (most - least);
    this.elb.timing = {
      clock,
      initialMs: () => between(initialMs),
      tailMs: () => between(this.tailMs),
      webTailMs: () => between(webTailMs),
    };
    this.secrets.lingering = 1;
  }

  /** When something may change by itself; Infinity: nothing will. */
  get nextAt(): number {
    const starting = [...this.elb.balancers.values()].some(({ State }) => State.Code !== 'active');
    const isTouched = this.ecs.touched > this.#touched;
    return starting || isTouched || this.#underWay ? this.#nextTickAt : Number.POSITIVE_INFINITY;
  }

  /** `worst`: also in what only a sweep makes good. */
  become(how: 'mostly' | 'worst'): void {
    this.ecs.listedAfterMs = listedAfterMs[how];
    // A load balancer that is gone holds its security group for a while.
    this.elb.interfacesLinger = how === 'worst';
    if (how === 'mostly') this.elb.released();
  }

  /**
   * What goes on without us: load balancers come up, tasks live and die and say so. Throws when it is asked too late to say
   * that a task has stopped, which ECS always does: such a history is none.
   */
  tick(): void {
    const now = this.#clock.now();
    if (now < this.#nextTickAt) return;
    this.#nextTickAt = now + tickMs;
    // Every few seconds.
    if (Math.floor(now / 1_000) % 4 === 0) {
      this.elb.provisioned();
      this.elb.released();
    }
    this.#touched = this.ecs.touched;
    const tasks = this.ecs.live();
    this.#count(tasks);
    this.judge(tasks);
    for (const task of tasks) {
      const { id, state } = task;
      const before = this.#seen.get(id);
      if (state === before) continue;
      if (state.startsWith('DELETED') && !before?.startsWith('STOPPED'))
        throw new Error(`task ${id} went from ${before} to ${state}, and nobody looked between`);
      this.#seen.set(id, state);
      this.#change(this.ecs.describe(task));
    }
    this.#underWay = tasks.some(
      (task) => task.endsByItself || !/^(RUNNING|STOPPED|DELETED)/.test(task.state),
    );
  }

  /** Whether a Service with this UID has a load balancer. */
  isBalanced(uid: string): boolean {
    return [...this.elb.balancers.keys()].some((arn) => this.elb.tags.get(arn)?.[tags.uid] === uid);
  }

  /** Tasks that should run. */
  get running(): Task[] {
    return this.ecs.tasks().filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  }

  #change({ tags: _, ...detail }: Task): void {
    const time = new Date(this.#clock.now()).toISOString();
    const kind = { source: 'aws.ecs', 'detail-type': 'ECS Task State Change' };
    this.#tell(JSON.stringify({ ...kind, time, detail }));
  }

  /** A Pod has one task at a time, and one ever for each attempt. */
  #count(tasks: readonly FakeEcsTask[]): void {
    const running = new Set<string>();
    for (const task of tasks) {
      const { id, startedBy = '', desiredStatus } = task;
      if (!this.#seen.has(id)) this.#once(this.attempts, attemptName(this.ecs.describe(task)));
      if (desiredStatus === 'RUNNING') this.#once(running, `${startedBy} running`);
    }
  }

  #once(names: Set<string>, name: string): void {
    if (names.has(name)) this.doubled.push(name);
    names.add(name);
  }
}

const attemptName = (task: Task) => `${task.startedBy} attempt ${attemptOf(task).number}`;
