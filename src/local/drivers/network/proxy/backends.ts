import type { Clock } from '../../../../shared/clock/clock.ts';
import type { ServiceEndpoint } from '../../../../shared/ports/cloud.ts';
import { atItself, type Place, type Reached } from '../../podNetwork.ts';
import type { ServiceUse, Withholds } from '../demand/serviceUse.ts';

/** Told when the endpoint it uses should get no more new work. */
export interface EndpointUser {
  /** `address:port` in use now. */
  readonly endpointKey: string | undefined;
  /** `gone` says that the endpoint is no longer listed at all, not only unready. */
  drain(gone: boolean): void;
  /** The grace of a gone endpoint is over. */
  cut(): void;
  /** The machine behind the endpoint no longer exists: nothing will come from it, not even a reset. */
  lost(): void;
}

export interface Affinity {
  /** Says how long a client stays with its endpoint, in milliseconds since its last connection. */
  timeoutMs: number;
}

export const keyOf = (endpoint: { address: string; port: number }) => `${endpoint.address}:${endpoint.port}`;

/** The endpoints behind one Service port, shared by all its listeners: who is next, and who has to leave. */
export class Backends implements Withholds {
  /** Counts what comes here; absent where nobody asks. */
  readonly use: ServiceUse | undefined;
  #listed: ServiceEndpoint[] = [];
  /** Keys of those that are not offered although they are ready: they are about to go. */
  #withheld: ReadonlySet<string> = new Set();
  #ready: ServiceEndpoint[] = [];
  #readyKeys = new Set<string>();
  #knownKeys = new Set<string>();
  #turn = 0;
  #affinity: Affinity | undefined;
  #clients = new Map<string, { key: string; at: number }>();
  #users = new Set<EndpointUser>();
  #waiting = new Set<() => void>();
  #vacancies = new Set<() => void>();
  readonly #clock: Clock;
  readonly #drainLimitMs: number;
  readonly #reached: Reached;

  constructor(clock: Clock, drainLimitMs: number, reached: Reached = atItself, use?: ServiceUse) {
    this.#clock = clock;
    this.#drainLimitMs = drainLimitMs;
    this.#reached = reached;
    this.use = use;
    use?.join(this);
  }

  /** Returns where an endpoint is reached from this machine. */
  placeOf({ address, port }: ServiceEndpoint, protocol: 'tcp' | 'udp'): Place {
    return this.#reached(address, port, protocol);
  }

  update(endpoints: ServiceEndpoint[], affinity?: Affinity): void {
    this.#affinity = affinity;
    if (!affinity) this.#clients.clear();
    const hadBefore = this.#knownKeys;
    this.#listed = endpoints;
    this.#knownKeys = new Set(endpoints.map(keyOf));
    // One that is going would be offered for lack of others, and then nobody who comes wakes the Service.
    const usable = new Set(endpoints.filter((each) => each.ready || each.lastResort).map(keyOf));
    this.#offer(new Set([...this.#withheld].filter((key) => usable.has(key))));
    const gone = [...hadBefore].filter((key) => !this.#knownKeys.has(key));
    if (gone.length > 0) this.#cutLater(new Set(gone));
    for (const wake of this.#waiting) wake();
  }

  /** No more will come. */
  end(): void {
    this.update([]);
    this.use?.leave(this);
  }

  /** Those that there are, ready or not. */
  get listed(): readonly ServiceEndpoint[] {
    return this.#listed;
  }

  get isWithheld(): boolean {
    return this.#withheld.size > 0;
  }

  withhold(): void {
    this.#offer(new Set([...this.#withheld, ...this.#readyKeys]));
  }

  restore(addresses?: ReadonlySet<string>): void {
    const stay = this.#listed.filter(({ address }) => addresses?.has(address) ?? true).map(keyOf);
    this.#offer(new Set([...this.#withheld].filter((key) => !stay.includes(key))));
    for (const wake of this.#waiting) wake();
  }

  /** Says whether an endpoint is ready for those who come. */
  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  /** Says whether nobody is behind the Service, nor will anybody be woken by those who come. */
  get isVacant(): boolean {
    return !this.hasReady && !this.isWithheld && !this.use?.mayWait;
  }

  /** Calls `listener` whenever the answer may be another. Returns what ends that. */
  onVacancy(listener: () => void): () => void {
    this.#vacancies.add(listener);
    return () => void this.#vacancies.delete(listener);
  }

  mayWaitChanged(): void {
    for (const each of this.#vacancies) each();
  }

  /** The endpoint for a new connection or request; undefined when none is ready outside `tried`. */
  pick(client: string, tried: ReadonlySet<string>): ServiceEndpoint | undefined {
    const stuck = this.#affinity && this.#stuckTo(client, tried, this.#affinity);
    const picked = stuck ?? this.#nextInTurn(tried);
    if (picked && this.#affinity) this.#clients.set(client, { key: keyOf(picked), at: this.#clock.now() });
    return picked;
  }

  /** Returns whether those who come are sent to an address as to one that is ready, until its Pod is known to be going. */
  offers(address: string): boolean {
    return this.#ready.some((each) => each.ready && !each.isGoing && each.address === address);
  }

  isReady(key: string): boolean {
    return this.#readyKeys.has(key);
  }

  isKnown(key: string): boolean {
    return this.#knownKeys.has(key);
  }

  /** Resolves with the next update, or after `ms`, or when `signal` aborts. */
  async changed(ms: number, signal: AbortSignal): Promise<void> {
    const updated = new AbortController();
    const wake = () => updated.abort();
    this.#waiting.add(wake);
    await this.#clock.sleep(ms, AbortSignal.any([updated.signal, signal]));
    this.#waiting.delete(wake);
  }

  /** Everything at this address has vanished. */
  lost(address: string): void {
    for (const user of [...this.#users]) if (user.endpointKey?.startsWith(`${address}:`)) user.lost();
  }

  join(user: EndpointUser): void {
    this.#users.add(user);
  }

  leave(user: EndpointUser): void {
    this.#users.delete(user);
  }

  /** Offers those that are ready, but not these; who uses another one leaves it when it can. */
  #offer(withheld: ReadonlySet<string>): void {
    this.#withheld = withheld;
    const ready = this.#listed.filter((each) => each.ready);
    // As with kube-proxy: who is going serves as long as nobody else does.
    const usable = ready.length ? ready : this.#listed.filter((each) => each.lastResort);
    this.#ready = usable.filter((each) => !withheld.has(keyOf(each)));
    this.#readyKeys = new Set(this.#ready.map(keyOf));
    for (const user of this.#users) {
      const key = user.endpointKey;
      if (key && !this.#readyKeys.has(key)) user.drain(!this.#knownKeys.has(key));
    }
    this.mayWaitChanged();
  }

  #nextInTurn(tried: ReadonlySet<string>): ServiceEndpoint | undefined {
    for (let i = 0; i < this.#ready.length; i++) {
      const endpoint = this.#ready[this.#turn++ % this.#ready.length]!;
      if (!tried.has(keyOf(endpoint))) return endpoint;
    }
    return undefined;
  }

  #stuckTo(client: string, tried: ReadonlySet<string>, { timeoutMs }: Affinity): ServiceEndpoint | undefined {
    const last = this.#clients.get(client);
    if (!last || tried.has(last.key)) return undefined;
    if (this.#clock.now() - last.at > timeoutMs) return undefined;
    return this.#ready.find((endpoint) => keyOf(endpoint) === last.key);
  }

  #cutLater(gone: ReadonlySet<string>): void {
    const timer = setTimeout(() => {
      for (const user of this.#users) {
        const key = user.endpointKey;
        if (key && gone.has(key) && !this.#knownKeys.has(key)) user.cut();
      }
    }, this.#drainLimitMs);
    timer.unref();
  }
}
