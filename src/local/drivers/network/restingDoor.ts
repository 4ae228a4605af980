import type { Clock } from '../../../shared/clock/clock.ts';
import type { Backends } from './proxy/backends.ts';
import type { Listener } from './proxy/listener.ts';

/** Describes what listens, and when it stops. */
export interface RestingDoorOptions {
  listen(): Promise<Listener>;
  backends: Backends;
  clock: Clock;
  /** Clients wait at the door so long for somebody to come behind it, in milliseconds. */
  waitMs: number;
  /** It always listens, since others may take its port where it does not. */
  neverRests?: boolean;
}

/**
 * A door that stops listening when nobody is behind it: whoever comes then is refused at once, as with kube-proxy. It
 * listens again when there is somebody. One that leaves is waited for as long as a client would, since another may be coming.
 * A door that never rests keeps its place; whoever comes to it waits, in case somebody is coming.
 */
export class RestingDoor {
  readonly #options: RestingDoorOptions;
  readonly #forget: () => void;
  #shouldListen = true;
  #isTried = false;
  #listener: Listener | undefined;
  /** Those that stopped, until nothing goes through them any more. */
  readonly #stopped = new Set<Listener>();
  #work: Promise<unknown> = Promise.resolve();
  #vacancy: AbortController | undefined;

  constructor(options: RestingDoorOptions) {
    this.#options = options;
    this.#forget = options.backends.onVacancy(() => this.#look());
    this.#look();
  }

  /** Listens, unless it does or rests; that it can is tried in any case. Rejects with the system's error. */
  async open(): Promise<void> {
    await this.#settle();
    if (this.#isTried) return;
    this.#isTried = true;
    this.#setListening(!this.#isVacant);
  }

  async close(): Promise<void> {
    this.#forget();
    this.#vacancy?.abort();
    this.#shouldListen = false;
    await this.#settle();
    await Promise.all([...this.#stopped].map((each) => each.close()));
  }

  get #isVacant(): boolean {
    return !this.#options.neverRests && this.#options.backends.isVacant;
  }

  #look(): void {
    const { clock, waitMs } = this.#options;
    if (this.#isVacant && this.#vacancy) return;
    this.#vacancy?.abort();
    this.#vacancy = undefined;
    if (!this.#isVacant) {
      this.#setListening(true);
      return;
    }
    const vacancy = new AbortController();
    this.#vacancy = vacancy;
    void clock.sleep(waitMs, vacancy.signal).then(() => {
      if (!vacancy.signal.aborted) this.#setListening(false);
    });
  }

  #setListening(shouldListen: boolean): void {
    if (this.#shouldListen === shouldListen) return;
    this.#shouldListen = shouldListen;
    // What prevents it is told by the next `open`.
    this.#settle().catch(() => {});
  }

  #settle(): Promise<void> {
    const settle = async () => {
      if (this.#shouldListen) this.#listener ??= await this.#options.listen();
      else this.#stop();
    };
    const result = this.#work.then(settle, settle);
    this.#work = result;
    return result;
  }

  #stop(): void {
    const listener = this.#listener;
    if (!listener) return;
    this.#listener = undefined;
    this.#stopped.add(listener);
    void listener.stop().then(() => this.#stopped.delete(listener));
  }
}
