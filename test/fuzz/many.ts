import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane } from '../../examples/demo/server.ts';
import { fuzzRequests } from '../../tools/fuzz/grammar.ts';
import { judge } from '../../tools/fuzz/judge.ts';
import { readAgreed, readOracle, writeAgreed } from '../../tools/fuzz/oracle.ts';
import { accessIn, playAll, playerFor, prepare } from '../../tools/fuzz/play.ts';
import { breakSessions } from '../../tools/fuzz/sessions.ts';

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
  const agreed: Record<string, number> = {};
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
    agreed[seed] = expected.length - differing.length;
    if (wanted) for (const text of differing) console.log(text);
  }
  console.log(`${same} of ${asked} answered with the status of a real server`);
  for (const [seed, before] of Object.entries(readAgreed()))
    if ((agreed[seed] ?? before) < before) {
      console.log(`seed ${seed}: ${agreed[seed]} answers as a real server's, ${before} before`);
      process.exitCode = 1;
    }
  if (process.env.UPDATE_GOLDEN) writeAgreed(agreed);
  const sessions = 200;
  await breakSessions(accessIn(plane.kubeconfig), Number(wanted ?? 1), sessions);
  const { status } = await play({ method: 'GET', path: '/readyz', headers: {} });
  console.log(`${sessions} upgrade sessions broken off; /readyz answers ${status}`);
  if (status !== 200 || plane.child.exitCode !== null) process.exitCode = 1;
} finally {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
}
// Connections are kept for the next request, and would keep the process.
process.exit();
