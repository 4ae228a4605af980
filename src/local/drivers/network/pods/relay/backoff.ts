/** Says how long to wait before what failed is tried again, as a kubelet does with containers that end. */
export interface Backoff {
  /** Is told how long it ran before it failed. Milliseconds, both. */
  after(ranMs: number): number;
}

const [firstMs, mostMs] = [500, 5 * 60_000];

/** Waits twice as long each time, up to five minutes; what ran for longer than it is about to wait begins anew. */
export function backoff(): Backoff {
  let nextMs = firstMs;
  return {
    after(ranMs) {
      if (ranMs > nextMs) nextMs = firstMs;
      const waitMs = nextMs;
      nextMs = Math.min(nextMs * 2, mostMs);
      return waitMs;
    },
  };
}
