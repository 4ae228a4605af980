import { existsSync } from 'node:fs';
import { resolveIn, type View } from './containerPath.ts';
import type { MountTable, TableLine } from './mountTable.ts';

/** Is what containers must not see of /proc and /sys, or not write, by the container runtimes' common list. */
const maskedFiles = [
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/interrupts',
];
const maskedFolders = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];
const readOnlyFolders = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

export interface KernelFilesOptions {
  /** Everything writable and nothing hidden. */
  privileged: boolean;
  /** `procMount: Unmasked`. */
  unmasked: boolean;
  /** Says whether a /proc of a process namespace of its own can be mounted; otherwise the machine's is shown. */
  ownProc: boolean;
  /**
   * Says whether a /sys of its own can be mounted, as root can, and a user namespace cannot. The machine's shows its control
   * groups too.
   */
  ownSys: boolean;
  sharedMemoryMi: number;
}

/** The lines of the mount table that come before all binds: /proc and /sys. */
export function kernelLines(view: View, options: KernelFilesOptions): MountTable {
  const { privileged, ownProc, ownSys } = options;
  const table: MountTable = { lines: [], folders: [], files: [], shared: [] };
  const add = (target: string, source: string, type: string, words: string) => {
    const place = resolveIn(view, target);
    if (place.path !== target) throw new Error(`the image's ${target} is a link`);
    if (!place.stat) table.folders.push(target);
    table.lines.push({ source, target, type, options: words });
  };
  if (ownProc) add('/proc', 'proc', 'proc', 'nosuid,nodev,noexec');
  else add('/proc', '/proc', 'none', 'rbind,rprivate');
  const access = privileged ? 'rw' : 'ro';
  if (ownSys) add('/sys', 'sysfs', 'sysfs', `nosuid,nodev,noexec,${access}`);
  else add('/sys', '/sys', 'none', `rbind,${access},nosuid,nodev,noexec,rprivate`);
  view.mounts.push({ target: '/proc', source: '/proc' }, { target: '/sys', source: '/sys' });
  return table;
}

/** The lines for what stands in /dev beside devices: terminals, shared memory, message queues. */
export const deviceLines = (
  { sharedMemoryMi }: KernelFilesOptions,
  mapsTerminalGroup: boolean,
): TableLine[] => [
  {
    source: 'devpts',
    target: '/dev/pts',
    type: 'devpts',
    options: `nosuid,noexec,newinstance,ptmxmode=0666,mode=0620${mapsTerminalGroup ? ',gid=5' : ''}`,
  },
  {
    source: 'shm',
    target: '/dev/shm',
    type: 'tmpfs',
    options: `nosuid,nodev,noexec,mode=1777,size=${sharedMemoryMi}m`,
  },
];

/** The lines that come after all binds: what is hidden, and what may only be read. */
export function maskLines({ privileged, unmasked }: KernelFilesOptions): TableLine[] {
  if (privileged || unmasked) return [];
  return [
    ...maskedFiles
      .filter((path) => existsSync(path))
      .map((target) => line('/dev/null', target, 'none', 'bind')),
    ...maskedFolders
      .filter((path) => existsSync(path))
      .map((target) => line('tmpfs', target, 'tmpfs', 'ro,size=0,nosuid,nodev,noexec')),
  ];
}

/**
 * Returns parts of /proc that are mounted on themselves for reading only; their sources are in the container's own /proc. What is
 * mounted below them of the machine's would stay writable, so that root leaves it out. In a user namespace the kernel refuses
 * that; there it is no user's to write to.
 */
export function readOnlyLines(
  { privileged, unmasked, ownSys }: KernelFilesOptions,
  root: string,
): TableLine[] {
  if (privileged || unmasked) return [];
  const bind = ownSys ? 'bind' : 'rbind';
  return readOnlyFolders
    .filter((path) => existsSync(path))
    .map((target) => line(`${root}${target}`, target, 'none', `${bind},ro,nosuid,nodev,noexec`));
}

const line = (source: string, target: string, type: string, options: string): TableLine => ({
  source,
  target,
  type,
  options,
});
