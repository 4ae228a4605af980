/** A figure that somebody told, or why he did not. */
export type Told<T> = { value: T } | { why: string };

/** Asks, and keeps the reason where nothing is told: a missing right hides one figure and not the others. */
export async function askFor<T>(ask: () => Promise<T>): Promise<Told<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { why: (error as Error).message || (error as Error).name };
  }
}
