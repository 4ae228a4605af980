import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Kit } from '../../tools/operators/kit.ts';
import { mounted } from '../../tools/operators/mount.ts';

test('the files of Secrets go when nobody can be asked for them any more', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shallop-mount-'));
  try {
    const path = join(folder, 'certificates');
    const found: boolean[] = [];
    const find = async () => {
      if (found.length) throw new Error('broken off');
      found.push(true);
      return { data: { 'tls.crt': 'YQ==' } };
    };
    const mount = { namespace: 'default', kind: 'secret' as const, name: 'certificates', path };
    const kit = { find } as Pick<Kit, 'find'>;
    await expect(mounted(kit, [mount, mount], new AbortController().signal)).rejects.toThrow('broken off');
    expect(found).toEqual([true]);
    await expect(access(path)).rejects.toThrow('ENOENT');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
