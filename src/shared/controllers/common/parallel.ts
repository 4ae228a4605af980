/** Runs `work` over items, at most `limit` at a time. Waits for all; throws the first error then. */
export async function parallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<unknown>) {
  let next = 0;
  const failures: unknown[] = [];
  const lane = async () => {
    while (next < items.length) {
      const item = items[next++]!;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
}

/** As client-go's slowStartBatch: 1, 2, 4 … at a time, none after the first batch with a failure. */
export async function slowStart<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (let done = 0, size = 1; done < items.length; done += size, size *= 2)
    await parallel(items.slice(done, done + size), 64, work);
}
