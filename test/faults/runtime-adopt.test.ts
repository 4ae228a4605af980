import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { PodRef } from '../../src/shared/ports/cloud.ts';
import { isWindows, needs } from '../support/needs.ts';
import { type Bench, openBench } from '../support/processPods.ts';
import { until } from '../support/until.ts';

const { describe: onUnix } = needs(isWindows);

onUnix('a restarted control plane', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());
  const server = (script = '') => ({
    containers: [
      {
        name: 'c',
        image: 'server',
        command: ['sh', '-c', `trap 'exit 0' TERM; ${script} sleep 1000 & while :; do wait; done`],
      },
    ],
  });
  const main = (p: { containerStatuses: { state?: object; restartCount: number; ready: boolean }[] }) =>
    p.containerStatuses[0]!;

  /** A program speaks once it has said what TERM does to it. */
  const spoken = (ref: PodRef) => until('the program has spoken', async () => (await bench.logs(ref)) !== '');

  test('adopts running Pods as they are, and stops them in order', async () => {
    const ref = await bench.run(server('echo one;'));
    const before = await bench.until(ref, (p) => main(p).ready);
    await bench.restart();
    expect(await bench.runtime.list()).toEqual([ref]);
    expect((await bench.runtime.observe(ref))?.containerStatuses).toEqual(before.containerStatuses);
    await bench.run(server('echo one;'), ref.uid);
    const after = await bench.until(ref, (p) => main(p).ready);
    expect(after).toEqual(before);
    await spoken(ref);
    expect(await bench.logs(ref)).toBe('one\n');
    await bench.runtime.stop(ref, 10);
    const seen = await bench.until(ref, ({ stopped }) => stopped);
    expect(main(seen).state).toMatchObject({ terminated: { exitCode: 0, reason: 'Completed' } });
  });

  test('learns how a container ended meanwhile, and what it printed', async () => {
    const flag = join(bench.folder, 'go');
    const spec = {
      restartPolicy: 'Never' as const,
      ...server(`until [ -e ${flag} ]; do sleep 0.02; done; echo late; exit 9;`),
    };
    const ref = await bench.run(spec);
    await bench.until(ref, (p) => main(p).ready);
    await bench.runtime.close();
    writeFileSync(flag, '');
    const exit = join(bench.folder, 'data/containers', ref.uid, 'c/0/exit');
    await until('it has ended', () => readable(exit));
    await bench.restart();
    const seen = await bench.until(ref, (p) => (main(p).state as { terminated?: object }).terminated);
    expect(main(seen).state).toMatchObject({ terminated: { exitCode: 9 } });
    expect(await bench.logs(ref)).toBe('late\n');
  });

  test('starts nothing before it knows what Pods refer to, and remembers how often it had', async () => {
    const ref = await bench.run({ containers: [{ name: 'c', image: 'crash' }] });
    const before = await bench.until(ref, (p) => main(p).restartCount >= 2);
    await bench.restart();
    await bench.until(ref, () => true);
    await bench.run({ containers: [{ name: 'c', image: 'crash' }] }, ref.uid);
    await bench.until(ref, (p) => main(p).restartCount > main(before).restartCount);
  });

  test('finishes a stop that was under way', async () => {
    const ref = await bench.run({ containers: [{ name: 'c', image: 'stubborn' }] });
    await bench.until(ref, (p) => main(p).ready);
    await spoken(ref);
    await bench.runtime.stop(ref, 0.5);
    await bench.restart();
    const seen = await bench.until(ref, ({ stopped }) => stopped);
    expect(main(seen).state).toMatchObject({ terminated: { exitCode: 137 } });
  });

  test('does not take another process for its own because it has the same number', async () => {
    const ref = await bench.run({ restartPolicy: 'Never', ...server() });
    await bench.until(ref, (p) => main(p).ready);
    await bench.runtime.stop(ref, 10);
    await bench.until(ref, ({ stopped }) => stopped);
    await bench.runtime.close();
    // As if the machine had restarted: the run stands as running, its number is now this process's.
    const pod = join(bench.folder, 'data/pods', ref.uid, 'state.json');
    const run = join(bench.folder, 'data/containers', ref.uid, 'c/0');
    const state = JSON.parse(readFileSync(pod, 'utf8'));
    Object.assign(state, { stopped: false });
    Object.assign(state.containers[0], { state: 'running' });
    writeFileSync(pod, JSON.stringify(state));
    const claim = readFileSync(join(run, 'claim'), 'utf8').split(' ');
    writeFileSync(join(run, 'claim'), [process.pid, ...claim.slice(1)].join(' '));
    writeFileSync(join(run, 'exit'), '');
    await bench.restart();
    const seen = await bench.until(ref, ({ stopped }) => stopped);
    expect(main(seen).state).toMatchObject({ terminated: { exitCode: 137 } });
  });

  test('forgets Pods of which too little was written, and keeps the others', async () => {
    const ref = await bench.run(server());
    await bench.until(ref, (p) => main(p).ready);
    await bench.runtime.close();
    const pods = join(bench.folder, 'data/pods');
    writeFileSync(join(pods, 'half'), '');
    await bench.restart();
    expect(readdirSync(pods)).toEqual([ref.uid]);
    expect(await bench.runtime.list()).toEqual([ref]);
  });
});

function readable(file: string): boolean {
  try {
    return readFileSync(file, 'utf8') !== '';
  } catch {
    return false;
  }
}
