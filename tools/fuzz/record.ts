/**
 * Asks a real API server the requests of some seeds and writes the statuses that it answered:
 * `node tools/fuzz/record.ts KUBECONFIG SEEDS RUNS`. The server needs nothing but storage.
 */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fuzzRequests } from './grammar.ts';
import { oracleFile } from './oracle.ts';
import { playAll, playerFor, prepare } from './play.ts';

const [kubeconfig = '', seeds = '10', runs = '400'] = process.argv.slice(2);
const play = playerFor(kubeconfig);
await prepare(play);
const statuses: Record<string, number[]> = {};
for (let seed = 1; seed <= Number(seeds); seed++) {
  const answers = await playAll(play, fuzzRequests(seed, Number(runs)));
  statuses[seed] = answers.map(({ status }) => status);
}
writeFileSync(oracleFile, gzipSync(JSON.stringify(statuses), { level: 9 }));
const all = Object.values(statuses).flat();
console.log(
  Object.fromEntries([...Map.groupBy(all, (status) => status)].map(([s, each]) => [s, each.length])),
);
process.exit();
