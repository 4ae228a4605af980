import { execFileSync } from 'node:child_process';
import { chmod, lchown, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { needs } from '../../../../../test/support/needs.ts';
import type { PersistentVolume } from '../../../../shared/kinds/schema/types.ts';
import type { PodContext } from '../../../../shared/podspec/context.ts';
import { canGive, giveTo } from './ownership.ts';
import { PodVolumes } from './volumes.ts';
import { VolumeUsers } from './volumeUsers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-ownership-'));
});
afterEach(() => rm(folder, { recursive: true }));

const isRoot = needs(!canGive && 'only root gives files away');
const modeOf = async (path: string) => (await lstat(path)).mode & 0o7777;
const groupOf = async (path: string) => (await lstat(path)).gid;

isRoot.test(
  'everything in a folder is given, a pipe without waiting, and nothing that a link leads to',
  async () => {
    const [volume, outside] = [join(folder, 'volume'), join(folder, 'outside')];
    await mkdir(join(volume, 'in'), { recursive: true });
    for (const file of [outside, join(volume, 'in', 'file')]) await writeFile(file, '', { mode: 0o600 });
    await symlink(outside, join(volume, 'link'));
    execFileSync('mkfifo', [join(volume, 'pipe')]);
    await giveTo(volume, 77, 0o660);
    for (const given of ['.', 'in', 'in/file', 'pipe']) expect(await groupOf(join(volume, given))).toBe(77);
    expect([await modeOf(join(volume, 'in', 'file')), (await modeOf(volume)) & 0o2070]).toEqual([
      0o660, 0o2070,
    ]);
    expect([await groupOf(outside), await modeOf(outside)]).toEqual([process.getgid!(), 0o600]);
  },
);

isRoot.test('a folder is given after what is in it, so that what was interrupted is done again', async () => {
  const files = Array.from({ length: 50 }, (_, i) => join(folder, `${i}`));
  for (const file of files) await writeFile(file, '');
  const giving = giveTo(folder, 77, 0o660);
  while ((await groupOf(folder)) !== 77);
  expect(new Set(await Promise.all(files.map(groupOf)))).toEqual(new Set([77]));
  await giving;
});

isRoot.describe('a local volume', () => {
  interface Mounting {
    policy?: 'Always' | 'OnRootMismatch';
    fsGroup?: number | undefined;
    readOnly?: boolean;
    hasRun?: boolean;
    uid?: string;
    users?: VolumeUsers;
    path?: string;
  }
  const mounted = async ({
    policy,
    readOnly,
    hasRun,
    uid = 'u',
    users,
    path = folder,
    ...rest
  }: Mounting = {}) => {
    const { fsGroup } = { fsGroup: 77, ...rest };
    const pv: PersistentVolume = { metadata: { name: 'pv' }, spec: { local: { path } } };
    const securityContext = {
      ...(fsGroup !== undefined && { fsGroup }),
      ...(policy && { fsGroupChangePolicy: policy }),
    };
    const context = {
      ref: { uid },
      pod: { metadata: { name: 'p' }, spec: { containers: [], securityContext } },
      sources: { volume: async () => pv },
    } as unknown as PodContext;
    const volume = { name: 'v', persistentVolumeClaim: { claimName: 'c', ...(readOnly && { readOnly }) } };
    const volumes = new PodVolumes(join(folder, '..'), undefined, users);
    await volumes.write([volume], context, 0, hasRun);
    return () => volumes.write([volume], context, 1);
  };
  const file = () => join(folder, 'file');
  beforeEach(() => writeFile(file(), ''));

  test('is given to the fsGroup once, also where the control plane was started again', async () => {
    const again = await mounted();
    expect([await groupOf(folder), await groupOf(file())]).toEqual([77, 77]);
    await lchown(file(), 0, 5);
    await again();
    await mounted({ hasRun: true });
    expect(await groupOf(file())).toBe(5);
  });

  test('is given to every Pod that mounts it, unless its policy leaves alone what looks as it should', async () => {
    await mounted();
    await lchown(file(), 0, 5);
    await mounted({ policy: 'OnRootMismatch' });
    expect(await groupOf(file())).toBe(5);
    await mounted({ policy: 'Always' });
    expect(await groupOf(file())).toBe(77);
    await lchown(file(), 0, 5);
    await chmod(folder, 0o700);
    await mounted({ policy: 'OnRootMismatch' });
    expect([await groupOf(file()), (await modeOf(folder)) & 0o2070]).toEqual([77, 0o2070]);
  });

  test('is given where a link leads to it', async () => {
    const link = `${folder}-link`;
    await symlink(folder, link);
    await mounted({ path: link });
    await rm(link);
    expect([await groupOf(folder), await groupOf(file())]).toEqual([77, 77]);
  });

  test('is not taken from a Pod that mounts it', async () => {
    const users = new VolumeUsers();
    await mounted({ users });
    await mounted({ users, uid: 'other', fsGroup: 88 });
    expect(await groupOf(file())).toBe(77);
  });

  test.each<[string, Mounting]>([
    ['that an earlier control plane started', { hasRun: true }],
    ['without an fsGroup', { fsGroup: undefined }],
    ['that only reads', { readOnly: true }],
  ])('is not taken from a Pod %s', async (_, mounting) => {
    const users = new VolumeUsers();
    await mounted({ ...mounting, users });
    await mounted({ users, uid: 'other', fsGroup: 88 });
    expect(await groupOf(file())).toBe(process.getgid!());
    for (const uid of ['u', 'other']) users.forget(uid);
    await mounted({ users, uid: 'third', fsGroup: 88 });
    expect(await groupOf(file())).toBe(88);
  });

  test('that is claimed to be read only is left as it is', async () => {
    await mounted({ readOnly: true });
    expect(await groupOf(folder)).toBe(process.getgid!());
  });
});

test('who is asked for no group gives nothing', async () => {
  await giveTo(join(folder, 'not there'), undefined, 0o660);
  expect(await modeOf(folder)).toBe(0o700);
});
