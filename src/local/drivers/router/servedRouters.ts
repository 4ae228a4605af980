import type { Router } from './router.ts';

/** The routers that a driver has opened or is opening, by a key of its own. */
export class ServedRouters<Ref, Served extends { ref: Ref; router: Router }> extends Map<
  string,
  Promise<Served>
> {
  /** Returns what the routers are for. Rejects when one of them cannot be opened. */
  async refs(): Promise<Ref[]> {
    return (await Promise.all(this.values())).map(({ ref }) => ref);
  }

  /** A Pod's address went away with its network: requests that wait for it end. */
  async podGone(address: string): Promise<void> {
    for (const { router } of await this.#opened()) router.podGone(address);
  }

  /** Returns whether requests are sent to an address as to one that is ready. */
  async offers(address: string): Promise<boolean> {
    return (await this.#opened()).some(({ router }) => router.offers(address));
  }

  /** What cannot be opened leads nowhere. */
  async #opened(): Promise<Served[]> {
    const opening = await Promise.allSettled(this.values());
    return opening.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  }
}
