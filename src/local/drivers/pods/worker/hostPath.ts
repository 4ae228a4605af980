import type { Stats } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import type { HostPathVolumeSource } from '../../../../shared/kinds/schema/types.ts';
import { table } from '../../../../shared/meta/table.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import { makeFolder } from '../../makeFolder.ts';

type Check = { holds(found: Stats): boolean; is: string };

const folder: Check = { holds: (found) => found.isDirectory(), is: 'a directory' };
const file: Check = { holds: (found) => found.isFile(), is: 'a file' };
const checks: Record<string, Check> = table({
  DirectoryOrCreate: folder,
  Directory: folder,
  FileOrCreate: file,
  File: file,
  Socket: { holds: (found) => found.isSocket(), is: 'a socket file' },
  CharDevice: { holds: (found) => found.isCharacterDevice(), is: 'a character device' },
  BlockDevice: { holds: (found) => found.isBlockDevice(), is: 'a block device' },
});

/** Makes and checks a path of this machine as its type says. Nothing that is there is opened. Throws ConfigError. */
export async function prepareHostPath({ path, type }: HostPathVolumeSource): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  // Without a type container runtimes make a folder of what is missing.
  if (!there && (!type || type === 'DirectoryOrCreate')) await makeFolder(path, 0o755);
  if (!there && type === 'FileOrCreate') await writeFile(path, '', { flag: 'wx', mode: 0o644 });
  if (!type) return;
  const check = checks[type];
  if (!check) throw new ConfigError(`${type} is an invalid volume type`);
  const found = there ?? (await stat(path).catch(() => undefined));
  if (!found || !check.holds(found))
    throw new ConfigError(`hostPath type check failed: ${path} is not ${check.is}`);
}
