import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { needs } from '../../../../../test/support/needs.ts';
import type { Container, PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { memorySize, mountMemory, unmountBelow } from './memoryVolume.ts';

const node = { memory: '8Gi' };
const Mi = 2 ** 20;
const limited = (memory?: string, more: Partial<Container> = {}): Container => ({
  name: 'c',
  ...(memory && { resources: { limits: { memory } } }),
  ...more,
});
const sizeOf = (spec: Partial<PodSpec>, sizeLimit?: string) =>
  memorySize(
    { name: 'v', emptyDir: { medium: 'Memory', ...(sizeLimit && { sizeLimit }) } },
    { metadata: {}, spec: { containers: [], ...spec } },
    node,
  )! / Mi;

test.each<[string, Partial<PodSpec>, string | undefined, number]>([
  ['what the Node has, where nothing limits the Pod', { containers: [limited()] }, undefined, 8192],
  ['its own limit', { containers: [limited()] }, '64Mi', 64],
  ['what the Node has, where its limit is nothing', { containers: [limited()] }, '0', 8192],
  ['what its Pod may use', { containers: [limited('32Mi'), limited('16Mi')] }, '64Mi', 48],
  ['its own limit below that of its Pod', { containers: [limited('96Mi')] }, '64Mi', 64],
  ['its own limit, where one container has none', { containers: [limited('32Mi'), limited()] }, '64Mi', 64],
  [
    'what is said of the Pod itself',
    { resources: { limits: { memory: '8Mi' } }, containers: [limited()] },
    '64Mi',
    8,
  ],
  [
    'what an init container may use beside the sidecars before it',
    {
      containers: [limited('8Mi')],
      initContainers: [limited('4Mi', { restartPolicy: 'Always' }), limited('16Mi')],
    },
    undefined,
    20,
  ],
])('an emptyDir in memory holds %s', (_, spec, sizeLimit, size) => {
  expect(sizeOf(spec, sizeLimit)).toBe(size);
});

const canMount = needs(
  !(process.platform === 'linux' && process.getuid?.() === 0) && 'only root of Linux mounts file systems',
);

canMount.test('only what was mounted for volumes is emptied, whatever else is mounted at them', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shallop-memory-')));
  const [own, other, secret] = ['own', 'other', 'secret'].map((name) => join(folder, 'volumes', name)) as [
    string,
    string,
    string,
  ];
  const machines = join(folder, 'machines');
  const otherPods = join(folder, 'otherPod', 'memory');
  // Held from elsewhere, as by another mount namespace.
  const held = join(folder, 'held');
  for (const each of [own, other, secret, machines, otherPods, held]) mkdirSync(each, { recursive: true });
  try {
    await mountMemory(own, 2 ** 20);
    await mountMemory(otherPods, 2 ** 20);
    execFileSync('mount', ['-n', '-t', 'tmpfs', 'tmpfs', machines]);
    for (const each of [own, otherPods, machines]) writeFileSync(join(each, 'file'), '');
    execFileSync('mount', ['-n', '--bind', own, held]);
    execFileSync('mount', ['-n', '--bind', machines, secret]);
    execFileSync('mount', ['-n', '--bind', otherPods, other]);
    unmountBelow(join(folder, 'volumes'));
    expect([held, machines, otherPods].map((each) => readdirSync(each))).toEqual([[], ['file'], ['file']]);
    expect([own, secret, other].map((each) => readdirSync(each))).toEqual([[], [], []]);
  } finally {
    unmountBelow(folder);
    rmSync(folder, { recursive: true });
  }
});

canMount.test('a folder that has a file system of its own is given no other', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shallop-memory-')));
  const volume = join(folder, 'volume');
  mkdirSync(volume);
  try {
    for (const file of ['one', 'other']) {
      await mountMemory(volume, 2 ** 20);
      writeFileSync(join(volume, file), '');
    }
    expect(readdirSync(volume).sort()).toEqual(['one', 'other']);
  } finally {
    unmountBelow(folder);
    rmSync(folder, { recursive: true });
  }
});
