import { AsyncLocalStorage } from 'node:async_hooks';
import type { Item } from './expressions.ts';

const reader = new AsyncLocalStorage<string>();

/** Has what `run` reads count as read by it, and by whoever it runs for. */
export function asReader<T>(name: string, run: () => T): T {
  const whole = reader.getStore();
  return reader.run(whole ? `${whole} ${name}` : name, run);
}

/** Describes reads of one kind: by whom, of what, how many, for how many units. */
export interface ReadCount {
  by: string;
  /** A kind of item, and the resource that it tells of. */
  of: string;
  reads: number;
  units: number;
}

/** What was read, by reader and by what was asked for. */
export class Readers {
  readonly #counts = new Map<string, ReadCount>();

  add(input: { Key?: Item; ExpressionAttributeValues?: Item }, units: number): void {
    const by = reader.getStore() ?? '';
    const of = kindOf(input.Key?.pk?.S ?? input.ExpressionAttributeValues?.[':pk']?.S ?? '');
    const name = `${by}\0${of}`;
    const count = this.#counts.get(name) ?? { by, of, reads: 0, units: 0 };
    this.#counts.set(name, { by, of, reads: count.reads + 1, units: count.units + units });
  }

  /** The dearest first. */
  counts(): ReadCount[] {
    return [...this.#counts.values()].sort((a, b) => b.units - a.units);
  }

  clear(): void {
    this.#counts.clear();
  }
}

const clustered = new Set(['counter', 'object', 'log']);

/** Without names, which would make a line of each read. */
function kindOf(partition: string): string {
  const [kind = '', , resource = ''] = partition.split('\x1f');
  return clustered.has(kind) ? `${kind} ${resource}` : kind;
}
