import { describe, expect, test } from '@jest/globals';
import { readDiffering } from '../../tools/differential/fates.ts';
import { areas, casesOf } from '../../tools/differential/recordings.ts';
import { replay } from '../../tools/differential/replay.ts';
import { verdicts } from '../../tools/differential/verdicts.ts';

const listed = readDiffering();

describe('answered as by a real server', () => {
  test.each(areas)('%s', async (area) => {
    const { unexplained, differing } = await replay(area, casesOf(area));
    expect(unexplained).toEqual([]);
    // What is the same by now is no longer listed: node tools/differential/differing.ts
    expect(differing).toEqual(listed[area] ?? {});
  });

  test('every reason for a difference is still needed', () => {
    const needed = new Set(Object.values(listed).flatMap((cases) => Object.values(cases)));
    expect(verdicts.map(({ reason }) => reason).filter((reason) => !needed.has(reason))).toEqual([]);
  });
});
