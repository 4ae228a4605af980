import { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import { FakeLoadBalancers } from '../../../src/shared/cloud/fake/loadBalancers.ts';
import { createFakePods, type FakePods } from '../../../src/shared/cloud/fake/pods.ts';
import type { Cloud } from '../../../src/shared/cloud/provider.ts';
import {
  dispatch,
  type Group,
  resync,
  workFor,
} from '../../../src/shared/controllers/manager/queue/index.ts';
import { pod as podController } from '../../../src/shared/controllers/pod/index.ts';
import { controllers } from '../../../src/shared/controllers/registry.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import type { Item } from '../../../src/shared/storage/dynamodb/layout.ts';
import { logPrefix, streamReader } from '../../../src/shared/storage/dynamodb/streamRecords.ts';
import { allFaults, noFaults } from '../dynamodb/faults.ts';
import { Simulator } from '../dynamodb/simulator.ts';
import { openProcess, type QueueProcess } from './queueProcess.ts';
import { type Message, QueueSimulator, shuffled } from './queueSimulator.ts';
import { type Trouble, unreliable } from './queueTrouble.ts';

const groups: Group[] = ['workloads', 'pods', 'services', 'secrets'];
const lanes = 2;
const visibilityMs = 20_000;
const batch = 10;

/** The AWS composition's controllers in one process: table, stream, queues, Lambdas, a cloud; all of it unreliable. */
export class QueueWorld {
  readonly clock = new ManualClock();
  readonly runtime: FakePods;
  readonly loadBalancers = new FakeLoadBalancers();
  readonly simulator: Simulator;
  readonly queues: QueueSimulator;
  readonly random: () => number;
  trouble: Trouble;
  killed = 0;
  /** Every log entry, in the order in which the stream got them. */
  readonly log: Item[] = [];
  readonly #cloud: Cloud;
  readonly #seed: number;
  #stream: { image: Item; at: number }[] = [];
  #busy = new Map<string, Promise<void>>();
  #processes = new Map<string, QueueProcess>();
  #opened = 0;
  readonly #end = new AbortController();
  failure: unknown;

  constructor(seed: number) {
    this.#seed = seed;
    this.random = seededIds(seed).random;
    const harm = this.random();
    this.trouble = {
      kill: 0.1 * harm,
      cloud: 0.1 * harm,
      drop: 0.1 * harm,
      duplicate: 0.15 * harm,
      told: 0.8,
    };
    const { throttle, conflict, lose, slow } = allFaults;
    const faults = { ...allFaults, throttle: throttle * harm, conflict: conflict * harm, lose: lose * harm };
    this.simulator = new Simulator({
      clock: this.clock,
      ids: seededIds(seed + 1_000_003),
      faults: { ...faults, slow: slow * harm },
    });
    this.queues = new QueueSimulator(this.clock, this.random);
    this.queues.delivery = { drop: this.trouble.drop, duplicate: this.trouble.duplicate, lateMs: 400 };
    this.runtime = createFakePods({ clock: this.clock, startDelayMs: 100 });
    const flaky = unreliable(this.clock, this.random, () => this.trouble.cloud);
    this.#cloud = {
      pods: flaky(this.runtime),
      loadBalancers: flaky(this.loadBalancers),
    };
    this.#followTable();
    void this.#followRuntime();
  }

  open(): QueueProcess {
    return openProcess({
      clock: this.clock,
      ids: seededIds(this.#seed * 1_000 + this.#opened++),
      simulator: this.simulator,
      queues: this.queues,
      cloud: this.#cloud,
    });
  }

  /** Lets `ms` pass, in steps; Lambdas run whenever there is something for them. */
  async pass(ms: number, stepMs = 25): Promise<void> {
    for (const end = this.clock.now() + ms; this.clock.now() < end; ) {
      this.#invoke();
      await this.clock.advance(stepMs);
      if (this.failure) throw this.failure;
    }
  }

  /** No trouble any more. */
  calm(): void {
    Object.assign(this.simulator.faults, { ...noFaults, delayMs: 1 });
    this.trouble = { kill: 0, cloud: 0, drop: 0, duplicate: 0, told: 1 };
    this.queues.delivery = { drop: 0, duplicate: 0, lateMs: 0 };
  }

  /** Until there is nothing to do for the next while. */
  async quiet(whileMs: number, atMostMs: number): Promise<void> {
    for (const end = this.clock.now() + atMostMs; this.clock.now() < end; ) {
      await this.pass(25);
      if (this.#busy.size || this.#stream.length) continue;
      const next = this.queues.nextAt() - this.clock.now();
      if (next > whileMs) return;
      if (next > 0) await this.clock.advance(next);
    }
  }

  async resync(tick: number, whole: boolean): Promise<void> {
    const { storage, clients, queues } = this.#process('resync');
    let done = false;
    const run = resync({ controllers, storage, clients, queues, log: silentLogger }, { tick, whole }).finally(
      () => {
        done = true;
      },
    );
    while (!done) await this.pass(25);
    await run;
  }

  close(): void {
    this.#end.abort();
    for (const process of this.#processes.values()) process.crash();
  }

  #followTable(): void {
    const { items } = this.simulator.operations;
    const put = items.put.bind(items);
    items.put = (item) => {
      put(item);
      if (!item.pk?.S?.startsWith(logPrefix)) return;
      this.log.push(item);
      this.#offer(item);
      if (this.random() < this.trouble.duplicate) this.#offer(item);
    };
  }

  #offer(image: Item): void {
    if (this.random() < this.trouble.drop) return;
    this.#stream.push({ image, at: this.clock.now() + Math.floor(this.random() * 100) });
  }

  async #followRuntime(): Promise<void> {
    for await (const { cluster, namespace, name, uid } of this.runtime.changes(this.#end.signal)) {
      if (this.random() > this.trouble.told) continue;
      const work = workFor(podController, cluster, { namespace, name: `${name}/${uid}` });
      this.queues.send('pods', [{ work }]);
    }
  }

  #invoke(): void {
    const now = this.clock.now();
    for (let lane = 0; lane < lanes; lane++)
      if (this.#stream.some(({ at }) => at <= now)) this.#run(`dispatch ${lane}`, () => this.#dispatch(lane));
    for (const group of groups)
      for (let lane = 0; lane < lanes; lane++)
        this.#run(`${group} ${lane}`, () => {
          const messages = this.queues.receive(group, 1 + Math.floor(this.random() * batch), visibilityMs);
          return messages.length > 0 ? this.#reconcile(group, lane, messages) : undefined;
        });
  }

  #run(lane: string, start: () => Promise<void> | undefined): void {
    if (this.#busy.has(lane)) return;
    const run = start();
    if (!run) return;
    this.#busy.set(
      lane,
      run
        .catch((error: unknown) => {
          this.failure ??= error;
        })
        .finally(() => this.#busy.delete(lane)),
    );
  }

  async #dispatch(lane: number): Promise<void> {
    const now = this.clock.now();
    const due = shuffled(
      this.#stream.filter(({ at }) => at <= now),
      this.random,
    ).slice(0, 1 + Math.floor(this.random() * 20));
    this.#stream = this.#stream.filter((record) => !due.includes(record));
    const process = this.#process(`dispatch ${lane}`);
    const read = streamReader({
      client: this.simulator.connect().client,
      table: 'shallop',
      clock: this.clock,
      ids: seededIds(1),
    });
    const { clients, queues } = process;
    const images = due.map(({ image }) => image);
    const failed = await this.#perhapsKilled(`dispatch ${lane}`, process, async () => {
      const changes = await Promise.all(images.map(read));
      const there = changes.flatMap((change) => change ?? []);
      const again = await dispatch(there, { controllers, clients, queues, log: silentLogger });
      return again.map((i) => images[changes.indexOf(there[i]!)]!);
    });
    // A stream offers again what was not acknowledged.
    for (const image of failed === 'crashed' ? images : failed)
      this.#stream.push({ image, at: this.clock.now() + 200 });
  }

  async #reconcile(group: Group, lane: number, messages: Message[]): Promise<void> {
    const id = `${group} ${lane}`;
    const process = this.#process(id);
    const works = messages.map(({ work }) => work);
    const again = await this.#perhapsKilled(id, process, () => process.workers.get(group)!.run(works));
    if (again === 'crashed') return;
    for (const [i, message] of messages.entries())
      if (again.has(i)) message.visibleAt = this.clock.now() + Math.min(30_000, 500 * 2 ** message.receives);
      else this.queues.delete(group, message);
  }

  async #perhapsKilled<T>(id: string, process: QueueProcess, run: () => Promise<T>): Promise<T | 'crashed'> {
    const doomed = this.random() < this.trouble.kill;
    if (doomed) {
      this.killed++;
      void this.clock.sleep(Math.ceil(this.random() * 150)).then(process.crash);
    }
    const result = await Promise.race([run(), process.crashed]);
    if (doomed) {
      process.crash();
      this.#processes.delete(id);
    }
    return result;
  }

  #process(id: string): QueueProcess {
    const known = this.#processes.get(id);
    if (known?.alive()) return known;
    const fresh = this.open();
    this.#processes.set(id, fresh);
    return fresh;
  }
}
