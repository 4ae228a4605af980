import type { RouteRule, WeightedBackend } from '../../../shared/ports/cloud.ts';

/**
 * Says whose turn it is among the backends of a rule: each comes as often as its weight says, and evenly, as in nginx.
 * Turns go on when rules change in other ways than their number of backends.
 */
export class Turns {
  #credits = new Map<string, number[]>();

  /** Undefined when none has a weight. */
  next({ name, backends }: RouteRule): WeightedBackend | undefined {
    const known = this.#credits.get(name);
    const credits = known?.length === backends.length ? known : backends.map(() => 0);
    if (credits !== known) this.#credits.set(name, credits);
    let [best, total] = [-1, 0];
    for (const [i, { weight }] of backends.entries()) {
      if (weight <= 0) continue;
      total += weight;
      credits[i]! += weight;
      if (best < 0 || credits[i]! > credits[best]!) best = i;
    }
    if (best < 0) return undefined;
    credits[best]! -= total;
    return backends[best];
  }

  /** Returns whether it is the turn of something that gets this share of all. */
  isTurn(name: string, share: number): boolean {
    const backends = [{ weight: share }, { weight: Math.max(0, 1 - share) }];
    return this.next({ name, backends, match: { path: { type: 'prefix', value: '/' } } }) === backends[0];
  }

  /** Forgets the turns of rules that are gone. */
  keep(names: ReadonlySet<string>): void {
    for (const name of this.#credits.keys())
      if (!names.has(name.split(' ', 1)[0]!)) this.#credits.delete(name);
  }
}
