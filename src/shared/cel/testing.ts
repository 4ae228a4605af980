/** Is what the tests of recorded answers share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of a file of recorded answers in the testdata beside a test. */
export const recorded = <T>(folder: string, name: string): T[] =>
  readFileSync(join(folder, 'testdata', name), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
