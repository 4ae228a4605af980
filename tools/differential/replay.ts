import type { Recorded } from './case.ts';
import { differencesOf } from './compare.ts';
import { play } from './play.ts';
import { askShallop } from './server.ts';
import { verdictOn } from './verdicts.ts';

export interface Outcome {
  /** Differences that no verdict explains, one line each. */
  unexplained: string[];
  /** Names of the cases whose answers differ, with the reason. */
  differing: Record<string, string>;
}

/** Asks shallop what a real server was asked. */
export async function replay(area: string, cases: Recorded[]): Promise<Outcome> {
  const ask = await askShallop(area);
  const outcome: Outcome = { unexplained: [], differing: {} };
  for (const recorded of cases) {
    const answer = await play(recorded, ask);
    for (const difference of differencesOf(answer, recorded.answer)) {
      const verdict = verdictOn(area, recorded, difference.split(': ')[0]!);
      if (verdict) outcome.differing[recorded.name] = verdict.reason;
      else outcome.unexplained.push(`${recorded.name}: ${difference}`);
    }
  }
  return outcome;
}
