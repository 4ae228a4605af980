import type { Router } from './router.ts';

/** A driver that serves by routers in this process, one for each reference. */
export abstract class ServedRouters<Ref, Served extends { ref: Ref; router: Router }> {
  /** The routers that are open or are being opened, by a key of the driver's own. */
  protected readonly served = new Map<string, Promise<Served>>();

  abstract remove(ref: Ref): Promise<void>;

  async list(): Promise<Ref[]> {
    return (await Promise.all(this.served.values())).map(({ ref }) => ref);
  }

  /** A Pod's address went away with its network: requests that wait for it end. */
  async podGone(address: string): Promise<void> {
    for (const { router } of await this.#opened()) router.podGone(address);
  }

  /** Returns whether requests are sent to an address as to one that is ready. */
  async offers(address: string): Promise<boolean> {
    return (await this.#opened()).some(({ router }) => router.offers(address));
  }

  async close(): Promise<void> {
    for (const ref of await this.list()) await this.remove(ref);
  }

  /** What cannot be opened leads nowhere. */
  async #opened(): Promise<Served[]> {
    const opening = await Promise.allSettled(this.served.values());
    return opening.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  }
}
