import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Statuses that a real server answered, by seed, in the order of the requests. */
export type Oracle = Record<string, number[]>;

export const oracleFile = join(import.meta.dirname, '../../test/fuzz/testdata/statuses.json.gz');
const agreedFile = join(import.meta.dirname, '../../test/fuzz/testdata/agreed.json');

/** How many answers of each seed had a real server's status when somebody last looked: it may only grow. */
export const readAgreed = (): Record<string, number> => JSON.parse(readFileSync(agreedFile, 'utf8'));
export const writeAgreed = (agreed: Record<string, number>): void =>
  writeFileSync(agreedFile, `${JSON.stringify(agreed, undefined, 2)}\n`);

export const readOracle = (): Oracle => JSON.parse(gunzipSync(readFileSync(oracleFile)).toString()) as Oracle;
