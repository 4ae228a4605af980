import { lend } from './borrowing.ts';
import type { Configuration } from './configuration.ts';
import { Level } from './level.ts';
import { limitsOf } from './limits.ts';

/** Says how often seats are lent and given back. Milliseconds. */
export const periodMs = 10_000;

/** All priority levels at work, among which the seats of the server are divided. */
export class Levels {
  readonly all = new Map<string, Level>();
  fairFraction = 0;
  readonly #total: number;
  #looked: number;

  constructor(total: number, now: number) {
    this.#total = total;
    this.#looked = now;
  }

  /** Follows a configuration. A level that is gone keeps its seats until the last of its requests has gone. */
  follow({ levels }: Configuration, now: number): void {
    const wanted = new Set(levels.map(({ name }) => name));
    for (const [name, level] of this.all) {
      level.isRetired = !wanted.has(name);
      if (level.isRetired && level.queues.isIdle) this.all.delete(name);
    }
    const lingering = [...this.all.values()].filter(({ isRetired }) => isRetired).map(({ spec }) => spec);
    const specs = [...levels, ...lingering];
    const limits = limitsOf(specs, this.#total);
    for (const spec of specs) {
      const level = this.all.get(spec.name);
      if (level) level.configure(spec, limits.get(spec.name)!, now);
      else this.all.set(spec.name, new Level(spec, limits.get(spec.name)!, now));
    }
    this.lend(now);
  }

  /** Divides the seats anew by what each level could have used since the last time. */
  lend(now: number): void {
    const periods = Math.max(1, Math.round((now - this.#looked) / periodMs));
    this.#looked = now;
    const lenders = [...this.all.values()].map((level) => ({
      name: level.spec.name,
      isExempt: level.spec.isExempt,
      limits: level.limits,
      current: level.current,
      demand: level.demand.turn(now, periods),
    }));
    const { current, targets, fairFraction } = lend(lenders);
    this.fairFraction = fairFraction;
    for (const [name, level] of this.all) {
      level.target = targets.get(name) ?? 0;
      level.setCurrent(current.get(name) ?? level.current, now);
    }
  }

  /** Nobody is being served or waits, and nobody has since seats were last divided. */
  get isQuiet(): boolean {
    return [...this.all.values()].every(
      ({ queues, demand }) => queues.isIdle && demand.figures.highest === 0,
    );
  }
}
