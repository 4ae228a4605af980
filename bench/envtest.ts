// node bench/envtest.ts [--runs 5] [--real FOLDER]
// How long an environment of envtest takes to start and to stop, and what it holds, beside that of the real pair in FOLDER.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEnvironment } from '../test/support/environment.ts';
import { cpuSeconds, residentMiB } from '../test/support/process.ts';
import type { Figure } from './bench.ts';
import { median } from './load.ts';
import { bundle, prepareBundle } from './plane.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, real: { type: 'string' } },
});
const runs = Number(values.runs);

/** One environment: milliseconds until it is healthy and from SIGTERM to its end, MiB in between. */
interface Run {
  startMs: number;
  /** Of both until then: it says more than the time where others use the machine. */
  cpuMs: number;
  stopMs: number;
  etcdMiB: number;
  apiserverMiB: number;
}

async function once(assets: string): Promise<Run> {
  const environment = await startEnvironment(assets);
  const { startMs } = environment;
  const [etcd, apiserver] = environment.pids;
  const cpuMs = environment.pids.reduce((sum, pid) => sum + cpuSeconds(pid) * 1000, 0);
  const [etcdMiB, apiserverMiB] = [residentMiB(etcd!), residentMiB(apiserver!)];
  const stopping = performance.now();
  await environment.stop();
  return { startMs, cpuMs, stopMs: performance.now() - stopping, etcdMiB, apiserverMiB };
}

/** In turn, so that whatever else the machine does meets both. */
async function measured(folders: string[]): Promise<Run[][]> {
  const all = folders.map((): Run[] => []);
  for (let run = 0; run < runs; run++)
    for (const [i, folder] of folders.entries()) all[i]!.push(await once(folder));
  return all;
}

const medianOf = (runs: Run[] | undefined, of: keyof Run): number | undefined =>
  runs && median(runs.map((run) => run[of]));

await prepareBundle();
const cache = mkdtempSync(join(tmpdir(), 'shallop-bench-envtest-'));
try {
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  const ours = execFileSync(process.execPath, [bundle, 'envtest'], { env, encoding: 'utf8' }).trimEnd();
  const [own, real] = await measured(values.real ? [ours, values.real] : [ours]);
  const figure = (what: string, unit: string, of: keyof Run, atMost?: number): Figure => {
    const reference = medianOf(real, of);
    return {
      ...{ what, unit, measured: medianOf(own, of)! },
      ...(reference !== undefined && { reference }),
      ...(atMost && { goal: { atMost } }),
    };
  };
  printTable(
    [
      figure('started and healthy', 'ms', 'startMs', 500),
      figure('CPU of both until then', 'ms', 'cpuMs'),
      figure('stopped', 'ms', 'stopMs'),
      figure('RSS of etcd', 'MiB', 'etcdMiB'),
      figure('RSS of kube-apiserver', 'MiB', 'apiserverMiB'),
    ],
    `${values.real ?? 'none'}, medians of ${runs}`,
  );
} finally {
  rmSync(cache, { recursive: true, force: true });
}
