import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../../../shared/clock/seededIds.ts';
import { parseCidr } from '../../addresses.ts';
import { AddressPool } from '../../addressPool.ts';
import type { Batch } from './ip.ts';
import { namesOf } from './names.ts';
import { PodNamespaces } from './podNamespaces.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-pods-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const names = namesOf(3);
const ref = { cluster: 'c', namespace: 'n', name: 'a', uid: 'a' };

/** Pods whose network namespaces are files in `present`, with the lines that `ip` was given for them. */
async function open(seed = 1) {
  const present = mkdtempSync(join(folder, 'present-'));
  const pool = await AddressPool.open(mkdtempSync(join(folder, 'pool-')), parseCidr(names.podCidr));
  const clock = new ManualClock();
  const lines: string[] = [];
  const run = (line: string) => {
    lines.push(line);
    const [, verb, namespace = ''] = /^netns (add|del) (\S+)$/.exec(line) ?? [];
    if (verb === 'add') writeFileSync(join(present, namespace), '');
    if (verb === 'del') rmSync(join(present, namespace), { force: true });
  };
  const ip = {
    run: async (given: string[]) => given.forEach(run),
    runEach: async (batches: readonly Batch[]) =>
      batches.flatMap((batch) => ('lines' in batch ? batch.lines : [])).forEach(run),
    runAnyway: async (given: string[]) => given.forEach(run),
    query: async () => [],
    processesIn: async () => [],
  };
  const ground = { ip, pathOf: (namespace: string) => join(present, namespace), joining: () => [] };
  const wayOut = { gateway: names.gateway, wake() {} };
  const pods = new PodNamespaces(ground, names, pool, wayOut, { clock, ids: seededIds(seed) });
  return { pods, clock, lines, there: () => readdirSync(present).sort() };
}

test('a new namespace has the hardware address of its address, as neighbours may remember it from an earlier Pod', async () => {
  const { pods, lines } = await open();
  const { ip } = await pods.setup(ref);
  const cable = names.cable(ip);
  const hardware = names.hardwareOf(ip);
  expect(lines).toContain(
    `link add ${cable} type veth peer name eth0 address ${hardware} netns ${names.namespace(ip)}`,
  );
});

test('what is kept for Pods to come has other addresses after a restart', async () => {
  const kept = async (seed: number) => {
    const { pods, clock, there } = await open(seed);
    const { ip } = await pods.setup(ref);
    await clock.advance(1000);
    return there().filter((name) => name !== names.namespace(ip));
  };
  const [first, second] = [await kept(1), await kept(2)];
  expect([first.length, second.length]).toEqual([2, 2]);
  expect(second.filter((name) => first.includes(name))).toEqual([]);
});

test('a sweep leaves what is kept for Pods to come, and takes what nobody has', async () => {
  const { pods, clock, there } = await open();
  await pods.setup(ref);
  await clock.advance(1000);
  const before = there();
  expect(before).toHaveLength(3);
  const forsaken = names.namespace('10.131.9.9');
  writeFileSync(join(folder, readdirSync(folder).find((name) => name.startsWith('present-'))!, forsaken), '');
  await pods.sweep();
  expect(there()).toEqual(before);
});
