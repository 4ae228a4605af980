import { describe, expect, test } from '@jest/globals';
import type { Recorded } from './case.ts';
import { areas, casesOf } from './cases.ts';
import { differencesOf } from './compare.ts';
import { play } from './play.ts';
import { askShallop } from './server.ts';
import { type Verdict, verdictOn, verdicts } from './verdicts.ts';

const used = new Set<Verdict>();

/** Differences that no verdict explains, one line each. */
async function unexplained(area: string, cases: Recorded[]): Promise<string[]> {
  const ask = await askShallop();
  const found: string[] = [];
  for (const recorded of cases) {
    const answer = await play(recorded, ask);
    for (const difference of differencesOf(answer, recorded.answer)) {
      const verdict = verdictOn(area, recorded, difference.split(': ')[0]!);
      if (verdict) used.add(verdict);
      else found.push(`${recorded.name}: ${difference}`);
    }
  }
  return found;
}

describe('answered as by a real server', () => {
  test.each(areas)('%s', async (area) => {
    expect(await unexplained(area, casesOf(area))).toEqual([]);
  });

  test('every reason for a difference is still needed', () => {
    expect(verdicts.filter((verdict) => !used.has(verdict))).toEqual([]);
  });
});
