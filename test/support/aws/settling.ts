import { ok } from 'node:assert/strict';
import type { DeployedWorld } from './deployedWorld.ts';

export const minute = 60_000;
export const hour = 60 * minute;

/** Says when a deployment is at rest. */
export interface Rest {
  /** What goes on for ever, as messages tell of it: old Events are looked at again and again. */
  stays?: RegExp;
  /** Whether the resync of this minute looks at everything. Default: the first does. */
  isWhole?(tick: number): boolean;
}

/** Lets time pass, with the resync of each minute, until nothing waits any more. Throws when that does not come. */
export async function settled(world: DeployedWorld, rest: Rest = {}): Promise<void> {
  const { isWhole = (tick) => tick === 1 } = rest;
  for (let tick = 1; tick <= 60; tick++) {
    await world.resync(tick, isWhole(tick));
    if (await isQuiet(world, minute, rest)) return;
  }
  await quiet(world, minute, rest);
}

/** Lets time pass, at most so long, until nothing waits any more. Throws when that does not come. */
export async function quiet(world: DeployedWorld, atMostMs: number, rest: Rest = {}): Promise<void> {
  ok(await isQuiet(world, atMostMs, rest), `there is no end of ${world.queue.bodies}`);
}

const isQuiet = (world: DeployedWorld, atMostMs: number, { stays = /"event-expiry"/ }: Rest) =>
  world.quiet(atMostMs, (body) => stays.test(body));
