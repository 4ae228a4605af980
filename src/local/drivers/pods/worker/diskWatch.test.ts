import { execFileSync } from 'node:child_process';
import { chmod, link, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import type { Container, Pod, Volume } from '../../../../shared/kinds/schema/types.ts';
import type { RuntimeEvent } from '../../../../shared/ports/cloud.ts';
import { limitedVolumes, overrun } from './diskLimits.ts';
import { bytesIn } from './diskUse.ts';
import { DiskWatch } from './diskWatch.ts';
import type { PodRecord } from './records.ts';
import type { PodScope } from './scope.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-disk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fill = (path: string, kibibytes: number) => writeFile(path, Buffer.alloc(kibibytes * 1024, 1));
const between = (bytes: number, kibibytes: number) => {
  expect(bytes).toBeGreaterThanOrEqual(kibibytes * 1024);
  expect(bytes).toBeLessThan((kibibytes + 64) * 1024);
};

/** Resolves with the time by the kernel's clock once that has gone on, so that what changes now changes later. */
async function momentIn(place: string): Promise<number> {
  const file = `${place}-moment`;
  const now = async () => {
    await writeFile(file, '');
    return (await lstat(file)).ctimeMs;
  };
  const moment = await now();
  while ((await now()) <= moment);
  await rm(file);
  return moment;
}

describe('the bytes in a folder', () => {
  test('are those of its files and folders, each file once', async () => {
    await mkdir(join(folder, 'inner'));
    await fill(join(folder, 'a'), 256);
    await fill(join(folder, 'inner', 'b'), 512);
    await link(join(folder, 'a'), join(folder, 'inner', 'again'));
    between(await bytesIn(folder), 768);
  });

  test('A2: hold nothing up and lead nowhere: pipes, links out of it and to itself, a folder that is not there', async () => {
    const home = join(folder, 'volume');
    await mkdir(home);
    await fill(join(folder, 'outside'), 1024);
    execFileSync('mkfifo', [join(home, 'pipe')]);
    await symlink(folder, join(home, 'out'));
    await symlink('.', join(home, 'self'));
    between(await bytesIn(home), 0);
    expect(await bytesIn(join(folder, 'none'))).toBe(0);
  });

  test('are not counted beyond so many files', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await fill(join(folder, name), 256);
    between(await bytesIn(folder, { most: 2 }), 512);
  });

  test('are, after a moment, those of what has changed since, however much there was before', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await fill(join(folder, name), 256);
    await mkdir(join(folder, 'inner'));
    await fill(join(folder, 'inner', 'old'), 256);
    const changedAfter = await momentIn(folder);
    between(await bytesIn(folder, { changedAfter }), 0);
    await fill(join(folder, 'inner', 'new'), 512);
    await chmod(join(folder, 'a'), 0o600);
    between(await bytesIn(folder, { changedAfter, most: 3 }), 768);
  });
});

const podOf = (volumes: Volume[], limit?: string, priority?: number): Pod => {
  const container: Container = {
    name: 'c',
    ...(limit && { resources: { limits: { 'ephemeral-storage': limit } } }),
  };
  return { metadata: {}, spec: { containers: [container], volumes, ...(priority && { priority }) } };
};
const scratch = (name: string, emptyDir: Volume['emptyDir'] = {}): Volume => ({ name, emptyDir });

describe('a Pod', () => {
  test.each<[string, Pod, Record<string, number>, string | undefined]>([
    ['below its limit stays', podOf([scratch('x', { sizeLimit: '1Ki' })]), { x: 1024 }, undefined],
    [
      'above the limit of a volume goes',
      podOf([scratch('x', { sizeLimit: '1Ki' })]),
      { x: 1025 },
      'Usage of EmptyDir volume "x" exceeds the limit "1Ki". ',
    ],
    [
      'without a limit stays',
      podOf([scratch('x'), scratch('y', { sizeLimit: '0' })]),
      { x: 9e9, y: 9e9 },
      undefined,
    ],
    [
      'that is critical stays',
      podOf([scratch('x', { sizeLimit: '1Ki' })], '1Ki', 2e9),
      { x: 9e9 },
      undefined,
    ],
    [
      'above the limits of its containers goes',
      podOf([scratch('x'), scratch('y')], '1Ki'),
      { x: 1000, y: 25 },
      'Pod ephemeral local storage usage exceeds the total limit of containers 1Ki. ',
    ],
    [
      'does not use a disk for what is in memory',
      podOf([scratch('x', { medium: 'Memory' })], '1Ki'),
      { x: 9e9 },
      undefined,
    ],
  ])('%s', (_, pod, used, message) => {
    expect(overrun(pod, { volumes: new Map(Object.entries(used)), containers: new Map() })).toBe(message);
  });

  test('may write what its containers may together, or the hungriest init container', () => {
    const limited = (limit: string): Container => ({
      name: 'c',
      resources: { limits: { 'ephemeral-storage': limit } },
    });
    const limitFor = (containers: Container[], initContainers: Container[] = []) =>
      overrun(
        { metadata: {}, spec: { containers, initContainers, volumes: [scratch('x')] } },
        { volumes: new Map([['x', 9e15]]), containers: new Map() },
      )?.match(/containers (.*)\. $/)?.[1];
    expect(limitFor([limited('1Mi'), limited('512Ki'), limited('512Ki')])).toBe('2Mi');
    expect(limitFor([limited('1Mi')], [limited('1G'), limited('1M')])).toBe('1G');
    expect(limitFor([limited('1Mi')], [{ ...limited('1Mi'), restartPolicy: 'Always' }, limited('1M')])).toBe(
      '2Mi',
    );
    expect(limitFor([{ name: 'c' }])).toBeUndefined();
  });

  test('counts what its containers write beside volumes, each within its own limit', () => {
    const limited = (name: string, limit: string): Container => ({
      name,
      resources: { limits: { 'ephemeral-storage': limit } },
    });
    const pod: Pod = {
      metadata: {},
      spec: { containers: [limited('a', '1Ki'), limited('b', '4Ki')], volumes: [scratch('x')] },
    };
    const judged = (x: number, a: number, b: number) =>
      overrun(pod, { volumes: new Map([['x', x]]), containers: new Map(Object.entries({ a, b })) });
    expect(judged(1024, 1024, 3072)).toBeUndefined();
    expect(judged(1024, 1024, 3073)).toBe(
      'Pod ephemeral local storage usage exceeds the total limit of containers 5Ki. ',
    );
    expect(judged(0, 1025, 0)).toBe('Container a exceeded its local ephemeral storage limit "1Ki". ');
  });

  test('whose volumes have no limits is not looked at', () => {
    expect(limitedVolumes(podOf([scratch('x')]))).toEqual([]);
  });
});

test('a Pod that runs is looked at every ten seconds, and evicted once it has written too much', async () => {
  const clock = new ManualClock();
  const told: string[] = [];
  const scope = {
    pod: podOf([scratch('x', { sizeLimit: '64Ki' })]),
    record: { containers: [{ name: 'c', state: 'running' }] } as PodRecord,
    deps: { clock, event: (_: unknown, { reason }: RuntimeEvent) => told.push(reason) },
  } as unknown as PodScope;
  const graces: number[] = [];
  const watch = new DiskWatch(scope, { placeOf: () => folder }, (graceMs) => graces.push(graceMs));
  expect(watch.run()).toBe(clock.now() + 10_000);
  await fill(join(folder, 'much'), 256);
  await clock.advance(10_000);
  expect(watch.run()).toBe(clock.now() + 10_000);
  while (graces.length === 0) await setImmediate();
  const message = 'Usage of EmptyDir volume "x" exceeds the limit "64Ki". ';
  expect([told, graces, scope.record.failure]).toEqual([
    ['Evicted'],
    [1_000],
    { reason: 'Evicted', message },
  ]);
});
