import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Library from '../../src/library/index.ts';
import type { Figure } from '../bench.ts';
import { bundle } from '../plane.ts';

const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'first' } };

/** What a test waits for: a control plane of its own, or a cluster of its own on one that is there, with a first object. */
export async function fixtures(scale: number): Promise<Figure[]> {
  const { startShallop } = await load();
  const whole = await timesOf(Math.max(3, Math.round(10 * scale)), async () => {
    const shallop = await startShallop({ process: 'beside' });
    await (await shallop.cluster()).apply(object);
    return () => shallop.stop();
  });
  const shallop = await startShallop({ process: 'beside' });
  const cluster = await timesOf(Math.max(10, Math.round(200 * scale)), async () => {
    const cluster = await shallop.cluster();
    await cluster.apply(object);
    return () => cluster.stop();
  });
  await shallop.stop();
  return [
    figure('library: from nothing to the first object, p50', whole),
    figure("library: a test's own cluster with its first object, p50", cluster),
  ];
}

/** The library as the npm package has it. */
const load = async (): Promise<typeof Library> =>
  import(pathToFileURL(join(dirname(bundle), 'index.js')).href);

async function timesOf(count: number, work: () => Promise<() => Promise<void>>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    const undo = await work();
    times.push(performance.now() - started);
    await undo();
  }
  return times.sort((a, b) => a - b);
}

const figure = (what: string, times: number[]): Figure => ({
  what,
  measured: Math.round(times[Math.floor(times.length / 2)]!),
  unit: 'ms',
  note: `of ${times.length}, the longest ${Math.round(times.at(-1)!)} ms`,
});
