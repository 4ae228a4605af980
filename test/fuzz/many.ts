import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane } from '../../examples/demo/server.ts';
import { fuzzRequests } from '../../tools/fuzz/grammar.ts';
import { judge } from '../../tools/fuzz/judge.ts';
import { readOracle } from '../../tools/fuzz/oracle.ts';
import { playAll, playerFor, prepare } from '../../tools/fuzz/play.ts';

/**
 * Sends the recorded seeds, or the one that is named, to a control plane: `node test/fuzz/many.ts [SEED]`. Says what was
 * answered otherwise than a real server does, and fails on what nobody may answer.
 */
const [wanted] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'shallop-fuzz-'));
const plane = await startControlPlane(folder, '--runtime', 'fake', '--pod-network', 'loopback');
try {
  const play = playerFor(plane.kubeconfig);
  await prepare(play);
  let same = 0;
  let asked = 0;
  for (const [seed, expected] of Object.entries(readOracle())) {
    if (wanted && wanted !== seed) continue;
    const requests = fuzzRequests(Number(seed), expected.length);
    const { wrong, differing } = judge(requests, await playAll(play, requests), expected);
    same += expected.length - differing.length;
    asked += expected.length;
    for (const text of wrong) console.log(`seed ${seed}: ${text}`);
    if (wrong.length) process.exitCode = 1;
    if (wanted) for (const text of differing) console.log(text);
  }
  console.log(`${same} of ${asked} answered with the status of a real server`);
} finally {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
}
// Connections are kept for the next request, and would keep the process.
process.exit();
