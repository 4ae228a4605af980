import { mkdirSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Launch, Mount } from '../sandbox.ts';
import { resolveIn, type View } from './containerPath.ts';
import { makeDev } from './files.ts';
import {
  deviceLines,
  type KernelFilesOptions,
  kernelLines,
  maskLines,
  readOnlyLines,
} from './kernelFiles.ts';
import type { Group } from './limits.ts';
import { bindAll, fstab, type MountTable, makingPoints } from './mountTable.ts';

/**
 * Writes down for mount(8) what is mounted in a container's root, `ours` unless the container mounts something else there.
 * Returns what its script has to make before, and what is shared with this machine.
 */
export function writeTable(
  view: View,
  launch: Launch,
  kernel: KernelFilesOptions,
  { folder, mapsTerminalGroup, ours }: { folder: string; mapsTerminalGroup: boolean; ours: Mount[] },
): Omit<MountTable, 'lines'> {
  const root = join(folder, 'root');
  const first = kernelLines(view, kernel);
  const dev = kernel.privileged
    ? [{ source: '/dev', target: '/dev', readOnly: false }]
    : makeDev(join(folder, 'dev'), Boolean(launch.tty));
  const devices = bindAll(view, dev);
  const taken = new Set(launch.mounts.map(({ target }) => target.replace(/\/+$/, '')));
  const binds = bindAll(view, [...ours.filter(({ target }) => !taken.has(target)), ...launch.mounts]);
  const lines = [
    ...first.lines,
    ...devices.lines,
    ...(kernel.privileged ? [] : deviceLines(kernel, mapsTerminalGroup)),
    ...binds.lines,
    ...maskLines(kernel),
    ...readOnlyLines(kernel, root),
  ];
  const missing = [...first.folders, ...devices.folders, ...binds.folders];
  writeFileSync(join(folder, 'fstab'), fstab(makingPoints(lines, missing), root));
  const files = [...devices.files, ...binds.files];
  return { folders: foldersWithout(view, files), files, shared: binds.shared };
}

/** Returns the folders of files that the image lacks as it lacks the files. */
const foldersWithout = ({ root }: View, files: string[]): string[] =>
  [...new Set(files.map((file) => posix.dirname(file)))].filter(
    (folder) => !resolveIn({ root, mounts: [] }, folder).stat,
  );

/** Returns what a container sees of its control groups, for reading only. */
export function groupMounts(folder: string, groups: Group[]): Mount[] {
  const target = '/sys/fs/cgroup';
  const readOnly = true;
  const own = groups.find(({ controller }) => !controller);
  if (own) return [{ source: own.folder, target, readOnly }];
  if (groups.length === 0) return [];
  const home = join(folder, 'cgroup');
  for (const { controller } of groups) mkdirSync(join(home, controller), { recursive: true });
  return [
    { source: home, target, readOnly },
    ...groups.map((group) => ({ source: group.folder, target: join(target, group.controller), readOnly })),
  ];
}
