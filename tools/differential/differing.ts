/** Writes which of the recorded requests shallop answers otherwise, for the test and the compatibility matrix. */
import { writeFileSync } from 'node:fs';
import { type Differing, differingPath } from './fates.ts';
import { areas, casesOf } from './recordings.ts';
import { replay } from './replay.ts';

const all: Differing = {};
for (const area of areas) {
  const { differing, unexplained } = await replay(area, casesOf(area));
  if (Object.keys(differing).length > 0) all[area] = differing;
  if (unexplained.length > 0)
    console.error(`${area}: ${unexplained.length} unexplained, the first: ${unexplained[0]}`);
}
writeFileSync(differingPath, `${JSON.stringify(all, undefined, 1)}\n`);
process.exit();
