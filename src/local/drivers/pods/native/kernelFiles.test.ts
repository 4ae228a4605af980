import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { needs } from '../../../../../test/support/needs.ts';
import type { View } from './containerPath.ts';
import { type KernelFilesOptions, kernelLines, readOnlyLines } from './kernelFiles.ts';
import { fstab } from './mountTable.ts';

const apart = ['--user', '--map-root-user', '--mount'];
const noNamespaces = spawnSync('unshare', [...apart, 'true']).status !== 0 && 'there are no user namespaces';

needs(noNamespaces).test("the machine's /proc is shown with what is mounted in it, for reading", () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-kernel-files-'));
  try {
    const root = join(folder, 'root');
    const view: View = { root, mounts: [] };
    for (const name of ['proc', 'sys']) mkdirSync(join(root, name), { recursive: true });
    const shown = { privileged: false, unmasked: false, ownProc: false, ownSys: false };
    const options: KernelFilesOptions = { ...shown, sharedMemoryMi: 64 };
    const lines = [...kernelLines(view, options).lines, ...readOnlyLines(options, root)];
    const [table, name] = [join(folder, 'fstab'), join(folder, 'boot')];
    writeFileSync(table, fstab(lines, root));
    writeFileSync(name, 'a mount in it\n');
    // Of another user namespace, as of a machine whose root has mounted it: nobody may leave it out, or take it away.
    const boot = '/proc/sys/kernel/random/boot_id';
    const inside = `mount -n -a -T '${table}' && cat '${root}${boot}' && grep -c ' ${root}/proc/sys ro,' /proc/self/mountinfo`;
    const outside = `mount -n --bind '${name}' ${boot} && exec unshare ${apart.join(' ')} sh -c "$0"`;
    const said = spawnSync('unshare', [...apart, 'sh', '-c', outside, inside], { encoding: 'utf8' });
    expect(said).toMatchObject({ status: 0, stdout: 'a mount in it\n1\n' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
