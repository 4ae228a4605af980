import type { Clock } from '../../../../shared/clock/clock.ts';
import type { Demand, ServiceRef } from '../../../../shared/ports/cloud.ts';
import { ServiceUse } from './serviceUse.ts';

type Named = Pick<ServiceRef, 'cluster' | 'namespace' | 'name'>;

/** How Services are used through the proxy and the router of this process. Nothing of it outlives the process. */
export class LocalDemand implements Demand {
  readonly #clock: Clock;
  readonly #uses = new Map<string, ServiceUse>();
  readonly #wanted = new Map<string, Named>();
  #heard = Promise.withResolvers<void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns what counts the uses of a Service. */
  of({ cluster, namespace, name }: Named): ServiceUse {
    const key = keyOf({ cluster, namespace, name });
    let use = this.#uses.get(key);
    if (!use) {
      use = new ServiceUse(this.#clock, {
        wanted: () => {
          this.#wanted.set(key, { cluster, namespace, name });
          this.#heard.resolve();
        },
        left: () => void this.#uses.delete(key),
      });
      this.#uses.set(key, use);
    }
    return use;
  }

  refuses(): undefined {
    return undefined;
  }

  async follow(ref: ServiceRef, mayWait: boolean): Promise<void> {
    const use = this.of(ref);
    use.mayWait = mayWait;
    await use.setFollowed(true);
  }

  async forget(ref: ServiceRef): Promise<void> {
    const use = this.#uses.get(keyOf(ref));
    if (!use) return;
    use.mayWait = false;
    use.restore();
    await use.setFollowed(false);
  }

  async lastUsed(ref: ServiceRef): Promise<number> {
    return this.of(ref).lastUsed;
  }

  async isWanted(ref: ServiceRef): Promise<boolean> {
    return this.of(ref).isWanted;
  }

  async withhold(ref: ServiceRef, since: number): Promise<'withheld' | 'used'> {
    return this.of(ref).withhold(since) ? 'withheld' : 'used';
  }

  async restore(ref: ServiceRef, stay: () => Promise<ReadonlySet<string>>): Promise<void> {
    if (this.of(ref).isWithheld) this.of(ref).restore(await stay());
  }

  async *wanted(signal: AbortSignal): AsyncGenerator<Named> {
    const stop = () => this.#heard.resolve();
    signal.addEventListener('abort', stop);
    while (!signal.aborted) {
      await this.#heard.promise;
      this.#heard = Promise.withResolvers();
      const names = [...this.#wanted.values()];
      this.#wanted.clear();
      if (!signal.aborted) yield* names;
    }
    signal.removeEventListener('abort', stop);
  }
}

const keyOf = ({ cluster, namespace, name }: Named): string => `${cluster}/${namespace}/${name}`;
