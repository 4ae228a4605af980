import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Statuses that a real server answered, by seed, in the order of the requests. */
export type Oracle = Record<string, number[]>;

export const oracleFile = join(import.meta.dirname, '../../test/fuzz/testdata/statuses.json.gz');
export const readOracle = (): Oracle => JSON.parse(gunzipSync(readFileSync(oracleFile)).toString()) as Oracle;
