import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dockerArchive, imageOf, layerOf } from '../../../../test/support/images/layers.ts';
import { startRegistry, type TestRegistry } from '../../../../test/support/images/registry.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import type { EventFacts, ReconcileContext } from '../../../shared/controllers/controller.ts';
import { silentLogger } from '../../../shared/observability/logger.ts';
import type { DiskUsage, NodeImages } from '../../../shared/ports/cloud.ts';
import { type Images, openImages } from '../../drivers/images/index.ts';
import { openNodeImages } from '../../drivers/images/nodeImages.ts';
import { imageGarbageCollection } from './index.ts';

const minute = 60_000;
const key = { cluster: 'default', namespace: '', name: 'images' };
/** Each image takes its layer and its root file system. */
const layerBytes = 400_000;

let folder: string;
let registry: TestRegistry;
let images: Images;
let nodeImages: NodeImages;
let usage: DiskUsage;
let inUse: Set<string>;
const told: EventFacts[] = [];
// Files have the time of the machine.
const clock = new ManualClock(Date.now());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-imagegc-'));
  registry = await startRegistry();
  images = openImages({ folder, clock });
  inUse = new Set();
  told.length = 0;
  nodeImages = openNodeImages({ folder, clock, rootsInUse: async () => inUse, usage: async () => usage });
  usage = { capacity: 100_000_000, available: 50_000_000 };
});
afterEach(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

const image = async (name: string) =>
  imageOf([await layerOf([{ name: 'file', content: name.padEnd(layerBytes, name) }])], { Cmd: [name] });
async function pull(name: string): Promise<string> {
  registry.push(`${name}:v1`, await image(name));
  return (await images.pull(`${registry.host}/${name}:v1`, [])).image.root ?? '';
}
const names = async () => (await images.list()).map(({ name }) => name.replace(/^.*\/|:v1$/g, '')).sort();
const collect = () =>
  imageGarbageCollection.reconcile(key, {
    ...{ clock, log: silentLogger },
    cloud: { nodeImages, pods: { nodes: () => [{ name: 'here' }] } },
    client: { get: async () => ({ metadata: { name: 'here' } }) },
    events: (_: object, event: EventFacts) => void told.push(event),
  } as unknown as ReconcileContext);

test('what a killed pull has left half unpacked is removed also from a disk with room', async () => {
  mkdirSync(join(folder, 'drafts', '1-half', 'usr'), { recursive: true });
  await collect();
  expect(readdirSync(join(folder, 'drafts'))).toEqual(['lock']);
});

test('a disk with room keeps every image', async () => {
  await pull('one');
  await clock.advance(60 * minute);
  expect(await collect()).toEqual({ requeueAfterMs: 5 * minute });
  expect([await names(), told]).toEqual([['one'], []]);
});

test('a full disk loses the image that was used longest ago, with its files, and no more than it has to', async () => {
  const roots = { one: await pull('one'), two: await pull('two'), three: await pull('three') };
  await clock.advance(10 * minute);
  await images.find(`${registry.host}/one:v1`);
  await clock.advance(10 * minute);
  // One image is less than what has to go, two are more.
  usage = { capacity: 10_000_000, available: 2_000_000 - 900_000 };
  await collect();
  expect([await names(), told]).toEqual([['one'], []]);
  expect(readdirSync(join(folder, 'roots'))).toEqual([roots.one.split('/').at(-1)]);
});

test('what a container is made of stays, and so does what somebody loaded or what has just come', async () => {
  inUse.add(await pull('used'));
  await images.load(Readable.from([await dockerArchive(await image('loaded'), 'loaded:v1')]));
  await pull('idle');
  await clock.advance(60 * minute);
  await pull('fresh');
  usage = { capacity: 100_000_000, available: 0 };
  await collect();
  expect(await names()).toEqual(['fresh', 'loaded', 'used']);
  expect(told.map(({ type, reason }) => [type, reason])).toEqual([
    ['Warning', 'FreeDiskSpaceFailed'],
    ['Warning', 'ImageGCFailed'],
  ]);
  expect(told[0]!.message).toMatch(
    /^Insufficient free disk space on the node's image filesystem \(100% of 95\.4 MiB used\)\. .*freed \d{6,} bytes/,
  );
});

test('an image that was in use until now counts as used until now', async () => {
  const root = await pull('long');
  await clock.advance(60 * minute);
  await pull('short');
  inUse.add(root);
  await clock.advance(60 * minute);
  await collect();
  inUse.delete(root);
  usage = { capacity: 10_000_000, available: 1_400_000 };
  await clock.advance(10 * minute);
  await collect();
  expect(await names()).toEqual(['long']);
});

test('an image that was used since it was looked at stays, and the next one goes', async () => {
  await pull('one');
  await pull('two');
  await clock.advance(60 * minute);
  const { list } = nodeImages;
  nodeImages = {
    ...nodeImages,
    list: async () => {
      const listed = await list();
      await images.find(`${registry.host}/one:v1`);
      return listed;
    },
  };
  usage = { capacity: 10_000_000, available: 1_500_000 };
  await collect();
  expect([await names(), told]).toEqual([['one'], []]);
});

test('nothing is removed while something is on its way here, and it is looked at again soon', async () => {
  await pull('one');
  await clock.advance(60 * minute);
  usage.available = 0;
  nodeImages = { ...nodeImages, sweep: async () => undefined };
  expect(await collect()).toEqual({ requeueAfterMs: 10_000 });
  expect([await names(), told]).toEqual([['one'], []]);
});

test("a disk that says nothing is told in a kubelet's words", async () => {
  usage = { capacity: 0, available: 0 };
  await collect();
  expect(told.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
    'InvalidDiskCapacity: invalid capacity 0 on image filesystem',
    'ImageGCFailed: invalid capacity 0 on image filesystem',
  ]);
});

test('the disk of this machine is measured', async () => {
  const real = await openNodeImages({ folder, clock, rootsInUse: async () => inUse }).usage();
  expect(real.capacity).toBeGreaterThan(0);
  expect(real.available).toBeLessThanOrEqual(real.capacity);
});
