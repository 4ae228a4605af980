import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Recorded } from './case.ts';

const folder = join(import.meta.dirname, '../../test/differential/testdata');
const ending = '.jsonl.gz';

/** What was recorded together (`zcat` shows it). */
export const areas: string[] = readdirSync(folder)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();

export const casesOf = (area: string): Recorded[] =>
  gunzipSync(readFileSync(join(folder, area + ending)))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
