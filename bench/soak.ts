// npm run soak [-- --minutes 60 --rate 50 --sample 10]
// Works on a control plane at an even rate and watches what it takes: memory, open files, how late its event loop is.
// Says at the end whether they stayed flat; the exit code is 1 when they did not.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LoadClient, pause } from './load.ts';
import { prepareBundle, startPlane } from './plane.ts';
import { drive } from './soak/load.ts';
import { type Sample, verdict } from './soak/verdict.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '50' },
    sample: { type: 'string', default: '10' },
  },
});
const minutes = Number(values.minutes);

await prepareBundle();
const folder = mkdtempSync(join(tmpdir(), 'shallop-soak-'));
const probe = join(folder, 'probe.json');
process.env.SHALLOP_SOAK_PROBE = probe;
const plane = await startPlane(folder, {
  nodeFlags: [`--import=${join(import.meta.dirname, 'soak', 'probe.mjs')}`],
});
try {
  const client = new LoadClient(plane.kubeconfig);
  const over = new AbortController();
  const load = drive(client, Number(values.rate), over.signal);
  const samples: Sample[] = [];
  const began = performance.now();
  while (performance.now() - began < minutes * 60_000) {
    await pause(Number(values.sample) * 1000);
    const sample = measureNow((performance.now() - began) / 60_000);
    samples.push(sample);
    const { minute, memory, mapped, heap, files, lateMs } = sample;
    console.log(
      `${minute.toFixed(1).padStart(6)} min  memory ${memory} MiB  mapped ${mapped} MiB  heap ${heap} MiB  files ${files}  event loop p99 ${lateMs} ms  ${load.tally.done} calls, ${load.tally.failed} failed`,
    );
  }
  over.abort();
  await load.ended;
  client.close();
  const { lines, isFlat } = verdict(samples);
  console.log(['', ...lines].join('\n'));
  if (!isFlat || load.tally.failed) process.exitCode = 1;
} finally {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The process as the system sees it, and as it sees itself. */
function measureNow(minute: number): Sample {
  const pid = plane.child.pid!;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const resident = (part: string) =>
    Math.round(Number(new RegExp(`^${part}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024);
  const { heapUsed, lateMs } = JSON.parse(readFileSync(probe, 'utf8')) as Record<string, number>;
  return {
    minute,
    memory: resident('RssAnon'),
    mapped: resident('RssFile'),
    heap: Math.round(heapUsed! / 2 ** 20),
    files: readdirSync(`/proc/${pid}/fd`).length,
    lateMs: Number(lateMs!.toFixed(1)),
  };
}
