import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { Backoff } from '../../shared/controllers/manager/backoff.ts';
import { Delays } from '../../shared/controllers/manager/delays.ts';
import type { WaitingEvent } from '../../shared/ports/outbox.ts';
import type { Verdict } from './verdict.ts';

/** Describes what a courier needs. */
export interface CourierOptions {
  clock: Clock;
  ids: Pick<Ids, 'random'>;
  /** Milliseconds for which an event is tried. */
  giveUpMs: number;
  /** Makes one attempt. Never rejects. */
  tell(event: WaitingEvent): Promise<Verdict>;
  /** Writes down that an event has been told. Until it resolves, the next of the object waits. Never rejects. */
  told(event: WaitingEvent): Promise<void>;
  /** Writes down that an event is a dead letter. Until it resolves, the next of the object waits. Never rejects. */
  died(event: WaitingEvent, why: string): Promise<void>;
}

/** Attempts at the same time for one target. */
const atOnce = 16;
const [firstDelayMs, longestDelayMs] = [200, 300_000];
/** After so many failures and no success the target is taken to be away: one attempt at a time, ever more rarely. */
const failuresUntilAway = 10;
const [firstPauseMs, longestPauseMs] = [500, 60_000];
const pause = '';

/**
 * Tells one target. Of each object one event at a time is under way, the oldest: the next waits until it is told or is a dead
 * letter. Other objects go on. Remembers nothing that the outbox does not.
 */
export class Courier {
  readonly #options: CourierOptions;
  /** By object, the oldest first. */
  readonly #lanes = new Map<string, WaitingEvent[]>();
  /** Objects whose oldest event may be sent. */
  readonly #ready = new Set<string>();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #delays: Delays;
  readonly #backoff = new Backoff(firstDelayMs, longestDelayMs);
  #failures = 0;
  /** Until when the target rests; 0 when it does not. */
  #pausedUntil = 0;
  #isStopped = false;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#delays = new Delays(options.clock, (key) => {
      if (key === pause) this.#pausedUntil = 0;
      else if (this.#lanes.has(key)) this.#ready.add(key);
      this.#pump();
    });
  }

  /** Takes an event up, behind those of the same object. */
  add(event: WaitingEvent): void {
    const lane = this.#lanes.get(event.object);
    if (lane) {
      lane.push(event);
      return;
    }
    this.#lanes.set(event.object, [event]);
    this.#ready.add(event.object);
    this.#pump();
  }

  /** Gives an event up that is not under way. Returns whether it did. */
  take(event: WaitingEvent): boolean {
    const lane = this.#lanes.get(event.object);
    const i = lane?.indexOf(event) ?? -1;
    if (!lane || i < 0 || (i === 0 && this.#underWay.has(event.object))) return false;
    lane.splice(i, 1);
    if (lane.length === 0) this.#forget(event.object);
    return true;
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#delays.stop();
    await Promise.all(this.#underWay.values());
  }

  #pump(): void {
    const most = this.#failures >= failuresUntilAway ? 1 : atOnce;
    for (const object of this.#ready) {
      if (this.#isStopped || this.#pausedUntil > 0 || this.#underWay.size >= most) return;
      this.#ready.delete(object);
      this.#underWay.set(object, this.#attempt(object, this.#lanes.get(object)![0]!));
    }
  }

  async #attempt(object: string, event: WaitingEvent): Promise<void> {
    const { clock, giveUpMs, tell, told, died } = this.#options;
    // Nobody else runs before it stands among those under way.
    await Promise.resolve();
    const verdict = await tell(event);
    this.#note(verdict);
    const isOver = verdict.is === 'again' && clock.now() >= event.since + giveUpMs;
    if (this.#isStopped && verdict.is === 'again') {
      this.#underWay.delete(object);
      return;
    }
    if (verdict.is === 'told') await told(event);
    else if (verdict.is === 'in vain' || isOver) await died(event, verdict.why);
    else {
      this.#underWay.delete(object);
      const left = event.since + giveUpMs - clock.now();
      this.#delays.add(object, Math.min(this.#backoff.next(object) * this.#jitter(), Math.max(left, 0)));
      this.#pump();
      return;
    }
    this.#underWay.delete(object);
    this.#backoff.forget(object);
    const lane = this.#lanes.get(object)!;
    lane.shift();
    if (lane.length === 0) this.#lanes.delete(object);
    else this.#ready.add(object);
    this.#pump();
  }

  #note(verdict: Verdict): void {
    if (verdict.is === 'told') this.#failures = 0;
    if (verdict.is !== 'again') return;
    this.#failures++;
    const beyond = this.#failures - failuresUntilAway;
    const rest =
      beyond < 0 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(beyond, 20)) * this.#jitter();
    const ms = Math.max(rest, verdict.afterMs ?? 0);
    const now = this.#options.clock.now();
    if (ms === 0 || now + ms <= this.#pausedUntil) return;
    this.#pausedUntil = now + ms;
    this.#delays.cancel(pause);
    this.#delays.add(pause, ms);
  }

  #jitter(): number {
    return 0.5 + this.#options.ids.random() / 2;
  }

  #forget(object: string): void {
    this.#lanes.delete(object);
    this.#ready.delete(object);
    this.#delays.cancel(object);
    this.#backoff.forget(object);
  }
}
