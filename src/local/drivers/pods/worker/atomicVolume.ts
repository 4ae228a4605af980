import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { VolumeFiles } from '../../../../shared/podspec/volumes.ts';

/**
 * Replaces a volume's files at once, as kubelet does: they stand in a folder of their own, `..data` links to it, and
 * each name links through `..data`. A reader sees all the old files or all the new ones. `version` names the folder
 * and has to differ from the last one.
 */
export function writeVolume(folder: string, files: VolumeFiles, version: string): void {
  const current = `..${version}`;
  mkdirSync(join(folder, current), { recursive: true, mode: 0o755 });
  for (const [path, { data, mode }] of files) {
    if (path.split('/').includes('..')) continue;
    const file = join(folder, current, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, data);
    chmodSync(file, mode);
  }
  const draft = join(folder, '..data_tmp');
  rmSync(draft, { force: true });
  symlinkSync(current, draft);
  renameSync(draft, join(folder, '..data'));
  linkNames(folder, new Set(Array.from(files.keys(), (path) => path.split('/')[0]!)));
  for (const old of readdirSync(folder))
    if (old.startsWith('..') && old !== '..data' && old !== current)
      rmSync(join(folder, old), { recursive: true, force: true });
}

function linkNames(folder: string, names: Set<string>): void {
  const there = readdirSync(folder).filter((name) => !name.startsWith('..'));
  for (const name of names) if (!there.includes(name)) symlinkSync(join('..data', name), join(folder, name));
  // Only links of ours: a program may have put files of its own beside them.
  for (const name of there) if (!names.has(name) && isOurs(join(folder, name))) rmSync(join(folder, name));
}

function isOurs(file: string): boolean {
  try {
    return readlinkSync(file).startsWith('..data/');
  } catch {
    return false;
  }
}
