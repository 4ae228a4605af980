import type { Clock } from '../../../../../shared/clock/clock.ts';
import type { Ids } from '../../../../../shared/clock/ids.ts';
import type { AddressPool } from '../../addressPool.ts';

export interface SpareNamespacesOptions {
  clock: Clock;
  /** Seeds addresses: a seed that came again after a restart would choose those of Pods that have just gone. */
  ids: Pick<Ids, 'uid'>;
  pool: Pick<AddressPool, 'reserve' | 'release'>;
  /** Makes the namespace of an address, complete. Rejects with what went wrong, and then leaves nothing. */
  make(address: string): Promise<void>;
  remove(address: string): Promise<void>;
  exists(address: string): Promise<boolean>;
}

/** So many Pods that come at once find their network ready. */
const most = 2;
/** Says how long no Pod has to have come before spares are made, in milliseconds: those that start need the machine more. */
const quietMs = 100;

/**
 * Keeps network namespaces ready with their addresses, as making one takes a good part of a Pod's start. None is made before
 * the first Pod has come. Those that a killed control plane leaves are nobody's, and swept with what else is.
 */
export class SpareNamespaces {
  readonly #options: SpareNamespacesOptions;
  readonly #ready: string[] = [];
  readonly #closed = new AbortController();
  #wanted = 0;
  #making: Promise<void> | undefined;

  constructor(options: SpareNamespacesOptions) {
    this.#options = options;
  }

  /** Returns the address of a namespace that nobody had; its address is reserved. Undefined: none is ready. */
  async take(): Promise<string | undefined> {
    for (let address = this.#ready.shift(); address; address = this.#ready.shift()) {
      if (await this.#options.exists(address)) return address;
      this.#options.pool.release(address);
    }
    return undefined;
  }

  /** Has spares made once no Pod comes for a while. */
  refill(): void {
    this.#wanted++;
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
  }

  /** Removes those that are left, and makes no more. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#making;
    for (const address of this.#ready.splice(0)) {
      await this.#options.remove(address);
      this.#options.pool.release(address);
    }
  }

  /** Never rejects: what cannot be made ahead is made, or complained of, when a Pod needs it. */
  async #make(): Promise<void> {
    const { clock, ids, pool, make } = this.#options;
    const { signal } = this.#closed;
    while (this.#ready.length < most && !signal.aborted) {
      for (let seen = -1; seen !== this.#wanted && !signal.aborted; ) {
        seen = this.#wanted;
        await clock.sleep(quietMs, signal);
      }
      if (signal.aborted) return;
      let address: string | undefined;
      try {
        address = pool.reserve(ids.uid());
        await make(address);
        this.#ready.push(address);
      } catch {
        if (address) pool.release(address);
        return;
      }
    }
  }
}
