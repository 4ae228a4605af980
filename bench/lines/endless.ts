import type { Subject } from '../bench.ts';
import { pause } from '../load.ts';

/** One who does its worst; what it answers ends that. */
export type Case = { what: string; begin(subject: Subject): Promise<() => Promise<void>> };

/** The same request again and again, whatever comes of it. */
export async function endless(request: () => Promise<unknown>, times = 1): Promise<() => Promise<void>> {
  let over = false;
  const loop = async () => {
    while (!over) await request().catch(() => pause(20));
  };
  const loops = Promise.all(Array.from({ length: times }, loop));
  return async () => {
    over = true;
    await loops;
  };
}
