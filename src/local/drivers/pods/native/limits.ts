import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Container } from '../../../../shared/kinds/schema/types.ts';
import { cpuOf, memoryOf, periodUs } from '../amounts.ts';

/** A control group that a container sees below /sys/fs/cgroup. */
export interface Group {
  /** Its folder there; empty: all of it, in version 2. */
  controller: string;
  folder: string;
  /** The file by which a process joins it; absent where its first process is started in it. */
  joinBy?: string;
}

/** A container's limits as control groups of the kernel, where this process may make any. */
export interface Limits {
  /**
   * Sets the limits and weights of a run, or changes them while it runs: in `held`, the group that it is started in, where
   * that can limit anything, else in groups of its own. Answers the groups. Throws an Error in words for people when the
   * memory of a run cannot be brought below its limit.
   */
  set(run: string, held: string, container: Container): Group[];
  /** Returns whether the kernel ended something of the run because its memory was at its limit. */
  wasOutOfMemory(run: string, held: string): boolean;
  /** The groups of a run beside the one that it was started in. */
  groupsOf(run: string): string[];
  /** Removes the groups of a run that has ended, or of a whole Pod. */
  drop(run: string): void;
}

/** `instance` tells this one's groups from others'. */
export function findLimits(instance: string): Limits {
  const homes = hierarchies()
    .map(({ controller, folder }) => ({ controller, home: join(folder, instance) }))
    .filter(({ home }) => isWritable(home));
  const homeOf = (name: string) => homes.find(({ controller }) => controller.split(',').includes(name))?.home;

  return {
    set(run, held, { resources }) {
      const memory = memoryOf(resources);
      const { quota, shares } = cpuOf(resources);
      const groups: Group[] = [];
      const groupIn = (controller: string) => {
        const home = homeOf(controller);
        if (!home) return undefined;
        const folder = join(home, run);
        mkdirSync(folder, { recursive: true });
        groups.push({ controller, folder, joinBy: join(folder, 'cgroup.procs') });
        return folder;
      };
      const isUnified = [
        setUnified(held, { 'memory.max': memory ?? 'max', 'memory.swap.max': memory ? 0 : 'max' }),
        setUnified(held, { 'cpu.max': `${quota ?? 'max'} ${periodUs}`, 'cpu.weight': weightOf(shares) }),
      ];
      if (isUnified.includes(true)) groups.push({ controller: '', folder: held });
      const forMemory = isUnified[0] ? undefined : groupIn('memory');
      if (forMemory) limitMemory(forMemory, memory ?? -1);
      const forCpu = isUnified[1] ? undefined : groupIn('cpu');
      if (forCpu) write(forCpu, { 'cpu.cfs_quota_us': quota ?? -1, 'cpu.shares': shares });
      return groups;
    },
    wasOutOfMemory(run, held) {
      const home = homeOf('memory');
      const texts = [
        read(join(held, 'memory.events')),
        home ? read(join(home, run, 'memory.oom_control')) : '',
      ];
      return texts.some((text) => Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0) > 0);
    },
    groupsOf: (run) => homes.map(({ home }) => join(home, run)).filter(existsSync),
    drop(run) {
      for (const { home } of homes) {
        remove(join(home, run));
        removeEmpty(home);
      }
    },
  };
}

/** Shares of version 1, from 2 to 262,144, as weights of version 2, from 1 to 10,000: as runc converts them since 1.3. */
function weightOf(shares: number): number {
  const l = Math.log2(shares);
  return Math.ceil(10 ** ((l * l + 125 * l) / 612 - 7 / 34));
}

/** Either limit may only be changed while that of memory is not above that of memory and swap. */
function limitMemory(group: string, bytes: number): void {
  const [memory, both] = ['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes'];
  for (const file of [both, memory, both]) write(group, { [file]: bytes });
  const now = Number(read(join(group, memory)));
  if (bytes > 0 && now > bytes)
    throw new Error(
      `attempting to set the memory limit (${bytes}) below current usage (${Number(read(join(group, 'memory.usage_in_bytes')))})`,
    );
}

/** Writes limits of version 2; answers whether this group can have them, its parents being asked to allow it. */
function setUnified(group: string, values: Record<string, string | number>): boolean {
  const [file = ''] = Object.keys(values);
  const controller = file.split('.')[0];
  if (!group || !existsSync(join(group, 'cgroup.controllers'))) return false;
  for (const parent of parentsOf(group)) write(parent, { 'cgroup.subtree_control': `+${controller}` });
  if (!existsSync(join(group, file))) return false;
  write(group, values);
  return true;
}

/** From the outermost below the root of the hierarchy to the one above. */
function parentsOf(group: string): string[] {
  const parents: string[] = [];
  for (
    let at = dirname(group);
    existsSync(join(at, 'cgroup.subtree_control')) && at !== sep;
    at = dirname(at)
  )
    parents.unshift(at);
  return parents;
}

/** The groups of version 1 that this process is in, a hierarchy each. */
function hierarchies(): { controller: string; folder: string }[] {
  const own = new Map<string, string>();
  for (const line of read('/proc/self/cgroup').split('\n')) {
    const [, controllers, path] = /^\d+:([^:]+):(.*)$/.exec(line) ?? [];
    if (controllers && path) own.set(controllers, path);
  }
  return read('/proc/self/mountinfo')
    .split('\n')
    .flatMap((line) => {
      const [before = '', after = ''] = line.split(' - ');
      const [, , , root = '/', place = ''] = before.split(' ');
      const [type, , options = ''] = after.split(' ');
      if (type !== 'cgroup') return [];
      const controller = [...own.keys()].find((each) =>
        each.split(',').every((one) => options.split(',').includes(one)),
      );
      const path = controller && own.get(controller);
      if (!controller || path === undefined) return [];
      return [
        {
          controller,
          folder: join(place, root !== '/' && path.startsWith(root) ? path.slice(root.length) : path),
        },
      ];
    });
}

function isWritable(home: string): boolean {
  try {
    mkdirSync(home, { recursive: true });
    rmdirSync(home);
    return true;
  } catch (error) {
    return (
      (error as NodeJS.ErrnoException).code === 'ENOTEMPTY' ||
      (error as NodeJS.ErrnoException).code === 'EBUSY'
    );
  }
}

/** What a kernel does not have, or does not allow, is no limit here. */
function write(group: string, values: Record<string, string | number>): void {
  for (const [file, value] of Object.entries(values)) {
    try {
      if (existsSync(join(group, file))) writeFileSync(join(group, file), String(value));
    } catch {
      // Accounting of swap, for example, may be off.
    }
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Groups of other Pods keep it. */
function removeEmpty(group: string): void {
  try {
    rmdirSync(group);
  } catch {
    // The last Pod's end removes it.
  }
}

function remove(group: string): void {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true }))
      if (entry.isDirectory()) remove(join(group, entry.name));
    rmdirSync(group);
  } catch {
    // Not there, or something in it is still ending; then the Pod's end removes it.
  }
}
