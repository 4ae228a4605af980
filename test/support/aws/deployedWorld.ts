import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ControllerGroup, seconds } from '../../../src/aws/names.ts';
import type { Handle } from '../../../src/shared/api/http/message.ts';
import type { Clients } from '../../../src/shared/client/client.ts';
import { shareAs } from '../../../src/shared/client/parsed.ts';
import { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import { jsonLogger } from '../../../src/shared/observability/jsonLogger.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import type { Change } from '../../../src/shared/ports/storage.ts';
import type { Item } from '../dynamodb/expressions.ts';
import { Simulator } from '../dynamodb/simulator.ts';
import { frozen } from '../frozen.ts';
import { settledSoon } from '../settledSoon.ts';
import { DeployedCloud } from './deployedCloud.ts';
import { knownTable } from './deployedFormats.ts';
import type { WorldOptions } from './deployedOptions.ts';
import { ProcessPool } from './deployedPool.ts';
import { type DeployedProcess, openProcess, type ProcessParts } from './deployedProcess.ts';
import { changeIn } from './deployedSurplus.ts';
import { type Mood, moodOf, openSpells, type Trouble, unreliable } from './deployedTrouble.ts';
import { SimulatedQueue, sqsEvent } from './simulatedQueue.ts';
import { SimulatedStream } from './simulatedStream.ts';

/** How many of a function are invoked at the same time, where an account may run ten at once. */
const fewAtOnce = 2;
const batch = 10;
/** As the mappings have it, and how often Lambda looks into a shard. */
const mostRecords = 100;
const pollMs = 250;
/** Nothing happens more often than this. */
const grainMs = 3;

// A controller that modifies what it listed fails: others have the same object.
shareAs(frozen);

/** The whole deployment in one process: table, stream, queues, functions, the cloud they drive; all of it unreliable. */
export class DeployedWorld {
  readonly clock: ManualClock;
  readonly random: () => number;
  readonly simulator: Simulator;
  readonly stream: SimulatedStream;
  readonly queue: SimulatedQueue;
  readonly cloud: DeployedCloud;
  readonly harm: number;
  /** A history that takes more goes on for ever. */
  mostSteps = 300_000;
  trouble!: Trouble;
  /** Is told of each change of an object, as it is written. */
  changed: (change: Change) => void = () => {};
  /** Services that were gone before their load balancers. */
  readonly unheld: string[] = [];
  readonly #pool: ProcessPool;
  /** How many are at work, by function. */
  readonly #busy = new Map<string, number>();
  readonly #atOnce: number;
  readonly #regular: boolean;
  #failure: unknown;
  #steps = 0;

  constructor(
    seed: number,
    {
      concurrency = Number.POSITIVE_INFINITY,
      atOnce = fewAtOnce,
      podMetrics,
      regular = false,
      known = (client) => knownTable(client, true),
      versionOf = () => openProcess,
    }: WorldOptions = {},
  ) {
    this.#atOnce = atOnce;
    this.#regular = regular;
    const clock = new ManualClock(undefined, settledSoon());
    this.clock = clock;
    const { random } = seededIds(seed);
    this.random = random;
    // Some histories are calm, so that races without faults are met as well.
    this.harm = random();
    this.simulator = new Simulator({ clock, ids: seededIds(seed + 1_000_003), isLimited: true });
    this.stream = new SimulatedStream(this.simulator.operations.items, clock, random, (item) =>
      this.#judge(item),
    );
    this.queue = new SimulatedQueue(clock, random);
    const trouble = () => this.trouble;
    if (regular) this.stream.pollMs = pollMs;
    const out = openSpells(clock, random, trouble);
    this.cloud = new DeployedCloud(clock, random, (body) => {
      if (!out('events')) this.queue.put(body);
    });
    const reach = unreliable({ clock, random, trouble, out });
    const { simulator, queue, cloud } = this;
    const invoke: ProcessParts['invoke'] = (group, event) => this.#reconcile(group, event);
    const write = (line: string) => process.stderr.write(line);
    const log = process.env.SHALLOP_LOG ? jsonLogger({ clock, write }) : silentLogger;
    const parts = {
      ...{ clock, log, simulator, queue, cloud, reach, invoke },
      ...(podMetrics && { podMetrics }),
    };
    const open = (serial: number) =>
      versionOf(serial)({
        ...parts,
        ids: seededIds(seed * 1_000 + serial),
        known: (client) => known(client, serial, clock),
      });
    this.#pool = new ProcessPool({ clock, random, kill: () => this.trouble.kill, concurrency, open });
    this.become('calm');
  }

  become(mood: Mood): void {
    const { trouble, faults, lateMs } = moodOf(mood, this.harm);
    const { drop, duplicate } = trouble;
    this.trouble = trouble;
    Object.assign(this.simulator.faults, faults);
    this.stream.delivery = { drop, duplicate, lateMs: lateMs / 4 };
    this.queue.delivery = { drop, duplicate, lateMs };
    this.cloud.become(mood === 'worst' ? 'worst' : 'mostly');
  }

  get killed(): number {
    return this.#pool.killed;
  }

  open(): DeployedProcess {
    return this.#pool.open();
  }

  /** What is at work ends it, and what is called next begins in new processes, as when code is deployed. */
  replaceProcesses(): void {
    this.#pool.replace();
  }

  /** Lets `ms` pass; functions run whenever there is something for them. */
  async pass(ms: number): Promise<void> {
    for (const end = this.clock.now() + ms; this.clock.now() < end; ) await this.#step(end);
  }

  /** Until the answer is there. */
  async finish<T>(run: Promise<T>): Promise<T> {
    let done = false;
    const ended = run.finally(() => {
      done = true;
    });
    ended.catch(() => {});
    while (!done) await this.#step(this.clock.now() + 1_000);
    return ended;
  }

  /** Lets time pass until nothing is to be done any more but what `stays` in the queue for ever. Answers whether. */
  async quiet(atMostMs: number, stays: (body: string) => boolean): Promise<boolean> {
    const end = this.clock.now() + atMostMs;
    const isQuiet = () =>
      this.queue.bodies.every(stays) &&
      [...this.#busy.values()].every((count) => count === 0) &&
      Math.min(this.stream.nextAt, this.cloud.nextAt) === Number.POSITIVE_INFINITY;
    while (!isQuiet() && this.clock.now() < end) await this.#step(end);
    return isQuiet();
  }

  /** How often a function was not begun because the account ran as many as it may. */
  get throttled(): number {
    return this.#pool.throttled;
  }

  /** One request, through the API's function; nobody hears of one that dies with it, or is not begun. */
  async ask<T>(run: (clients: Clients, handle: Handle) => Promise<T>): Promise<T | 'crashed'> {
    if (this.#pool.isFull) return 'crashed';
    return this.#pool.call('api', ({ core }) => run(core.clients, core.handle));
  }

  async resync(tick: number, whole: boolean): Promise<void> {
    await this.finish(this.#pool.call('resync', (process) => process.resync(tick, whole)));
  }

  close(): void {
    this.#pool.close();
  }

  /** To when something is next to be done, at most to `end`. */
  async #step(end: number): Promise<void> {
    const { clock, cloud, stream, queue } = this;
    const now = clock.now();
    cloud.tick();
    if (stream.nextAt <= now) this.#start('dispatch', () => this.#dispatch());
    if (queue.nextAt <= now) this.#start('route', () => this.#route());
    // What has just begun comes to where it waits.
    await clock.advance(0);
    const next = Math.min(clock.nextAt, stream.nextAt, cloud.nextAt, queue.nextAt);
    await clock.advance(Math.min(end, Math.max(next, now + grainMs)) - now);
    if (this.#failure) throw this.#failure;
    if (++this.#steps > this.mostSteps) throw new Error('it goes on and on');
  }

  /** Unless as many are at work as may be. */
  #start(name: string, work: () => Promise<void>): void {
    const busy = this.#busy.get(name) ?? 0;
    if (busy >= this.#atOnce || this.#pool.isFull) return;
    this.#busy.set(name, busy + 1);
    work()
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#busy.set(name, this.#busy.get(name)! - 1));
  }

  async #dispatch(): Promise<void> {
    const event = this.stream.take(this.#regular ? mostRecords : 1 + Math.floor(this.random() * 2 * batch));
    const answer = await this.#pool.call('dispatch', (process) => process.dispatch(event));
    this.stream.settle(event, answer === 'crashed' ? undefined : answer);
  }

  async #route(): Promise<void> {
    const most = this.#regular ? batch : 1 + Math.floor(this.random() * batch);
    const messages = this.queue.receive(most, seconds.visibility * 1_000);
    const answer = await this.#pool.call('route', (process) => process.route(sqsEvent(messages)));
    const failed = answer === 'crashed' ? undefined : answer.batchItemFailures.map((f) => f.itemIdentifier);
    // What a dead process had comes again, or is lost now and then: it may have lain in the queue for a day.
    for (const { id } of messages)
      if (failed ? !failed.includes(id) : this.random() < this.trouble.drop) this.queue.delete(id);
  }

  async #reconcile(group: ControllerGroup, event: SQSEvent): Promise<SQSBatchResponse> {
    if (this.#pool.isFull) throw new Error('Rate Exceeded.');
    const end = this.clock.now() + seconds.reconcile * 1_000;
    const context = { getRemainingTimeInMillis: () => end - this.clock.now() };
    const answer = await this.#pool.call(group, (process) => process.reconcile[group](event, context));
    if (answer === 'crashed') throw new Error('Runtime exited');
    return answer;
  }

  /** What a finalizer stands for is gone before its object is. */
  #judge(item: Item): void {
    const change = changeIn(item);
    if (change) this.changed(change);
    if (change?.type !== 'delete' || change.object.key.resource !== 'services') return;
    const { metadata } = JSON.parse(Buffer.from(change.object.value).toString());
    if (this.cloud.isBalanced(metadata.uid)) this.unheld.push(`${metadata.namespace}/${metadata.name}`);
  }
}
