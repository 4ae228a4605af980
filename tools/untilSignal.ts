const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does the work; rejects as soon as this process is told to end, so that what cleans up after the work is done. */
export async function untilSignal<T>(work: () => Promise<T>): Promise<T> {
  const told = Promise.withResolvers<never>();
  const end = (signal: string) => told.reject(new Error(`ended by ${signal}`));
  for (const signal of signals) process.on(signal, end);
  try {
    return await Promise.race([work(), told.promise]);
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}

/** Returns what comes, with the reason, when this process is told to end, for work that ends by itself then. A second time ends the process. */
export function toldToEnd(): AbortSignal {
  const told = new AbortController();
  for (const signal of signals) process.once(signal, () => told.abort(new Error(`ended by ${signal}`)));
  return told.signal;
}
