import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Mount } from '../sandbox.ts';
import { resolveIn, type View } from './containerPath.ts';
import { mountOf, requireShared, stagedAt } from './propagation.ts';

/** One line of an fstab, by the container's path. */
export interface TableLine {
  source: string;
  target: string;
  type: string;
  options: string;
}

export interface MountTable {
  lines: TableLine[];
  /** Mount points that the image lacks, as paths below its root. */
  folders: string[];
  files: string[];
  /** Sources of mounts that are seen by both sides, which the lines name by where they are staged (propagation.ts). */
  shared: string[];
}

/**
 * Orders binds as container runtimes do, shallow targets first, finds each target's real place and says which mount
 * points have to be made. Mount points inside volumes are made here, as a container runtime makes them. Adds what it
 * mounts to the view. Throws ConfigError for what cannot be seen by both sides.
 */
export function bindAll(view: View, mounts: Mount[]): MountTable {
  const table: MountTable = { lines: [], folders: [], files: [], shared: [] };
  const depth = ({ target }: Mount) => target.split('/').filter(Boolean).length;
  for (const { source, target, readOnly, propagation } of [...mounts].sort((a, b) => depth(a) - depth(b))) {
    const place = resolveIn(view, target);
    if (place.path === '/') throw new Error(`mount path ${target} is the container's root`);
    const isFolder = statSync(source).isDirectory();
    if (place.stat && place.stat.isDirectory() !== isFolder)
      throw new Error(
        `error mounting "${source}" to rootfs at "${target}": not a directory: Are you trying to mount a directory onto a file (or vice-versa)?`,
      );
    if (!place.stat) {
      if (place.inRoot) (isFolder ? table.folders : table.files).push(place.path);
      else makePoint(place.host, isFolder);
    }
    const isShared = propagation === 'Bidirectional';
    if (isShared) requireShared(source);
    const options = [
      isFolder ? 'rbind' : 'bind',
      ...(readOnly ? ['ro', ...lockedOptions(source)] : []),
      isShared ? 'rshared' : propagation === 'HostToContainer' ? 'rslave' : 'rprivate',
    ];
    const from = isShared ? stagedAt(table.shared.push(source) - 1) : source;
    table.lines.push({ source: from, target: place.path, type: 'none', options: options.join(',') });
    view.mounts.push({ target: place.path, source });
  }
  return table;
}

function makePoint(host: string, isFolder: boolean): void {
  mkdirSync(isFolder ? host : dirname(host), { recursive: true });
  if (!isFolder) writeFileSync(host, '', { flag: 'wx', mode: 0o644 });
}

/**
 * Returns what a read-only remount has to keep, as it would forget the flags of the mount that a source stands on. In a user
 * namespace they are locked, and a remount without them is refused.
 */
export const lockedOptions = (source: string): string[] =>
  mountOf(source).options.filter((each) => ['nosuid', 'nodev', 'noexec', 'noatime'].includes(each));

/** Has mount(8) make the folders among the mount points that the image lacks. */
export const makingPoints = (lines: TableLine[], missing: string[]): TableLine[] =>
  lines.map((line) =>
    missing.includes(line.target) ? { ...line, options: `${line.options},X-mount.mkdir` } : line,
  );

/** The table in fstab(5), for mount(8), with every target below `root`. */
export const fstab = (lines: TableLine[], root: string): string =>
  lines
    .map(({ source, target, type, options }) =>
      [source, `${root}${target}`, type, options].map(escaped).join(' '),
    )
    .map((line) => `${line} 0 0\n`)
    .join('');

const escaped = (text: string) =>
  text.replace(/[\s\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
