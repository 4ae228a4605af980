import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { sendSignal } from './identity.ts';

/**
 * Groups that a process cannot leave, whatever it does to its session or environment, unless it has the rights of the
 * control plane itself.
 */
export interface ControlGroups {
  /** Returns where the group of this name is to be made, below those of this instance. */
  place(name: string): string;
  /** Returns what runs in the group and below it. */
  processes(group: string): Promise<number[]>;
  /** Kills everything in the group and below it, and removes it; with the last one those of this instance are gone. */
  end(group: string): Promise<void>;
}

/** Undefined where this process may not make any: that is tried, with a shell. `instance` tells ours from others'. */
export async function findControlGroups(
  instance: string,
  sh: string,
  clock: Clock,
): Promise<ControlGroups | undefined> {
  if (process.platform !== 'linux') return undefined;
  for (const own of ownGroups()) {
    const home = join(own, instance);
    const trial = join(home, 'trial');
    const works =
      (await made(trial)) &&
      (await new Promise<boolean>((resolve) => {
        execFile(sh, ['-c', 'echo $$ >"$0/cgroup.procs"', trial], (error) => resolve(!error));
      }));
    await removed(trial, clock);
    await removeEmpty(home);
    if (works) return groupsBelow(home, clock);
  }
  return undefined;
}

function groupsBelow(home: string, clock: Clock): ControlGroups {
  const end = async (group: string): Promise<void> => {
    const inner = await readdir(group, { withFileTypes: true }).catch(() => []);
    for (const entry of inner) if (entry.isDirectory()) await end(join(group, entry.name));
    await writeFile(join(group, 'cgroup.kill'), '1').catch(() => killEach(group, clock));
    await removed(group, clock);
    if (dirname(group) === home) await removeEmpty(home);
  };
  const processes = async (group: string): Promise<number[]> => {
    const inner = await readdir(group, { withFileTypes: true }).catch(() => []);
    const folders = inner.filter((entry) => entry.isDirectory());
    const below = await Promise.all(folders.map(({ name }) => processes(join(group, name))));
    return [...(await processesIn(group)), ...below.flat()];
  };
  return {
    place: (name) => join(home, name),
    processes,
    end,
  };
}

/** Returns where this process stands in the hierarchies that keep processes together without counting anything. */
function ownGroups(): string[] {
  const paths = new Map<string, string>();
  for (const line of read('/proc/self/cgroup').split('\n')) {
    const [, controllers = '', path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path) paths.set(controllers, path);
  }
  return read('/proc/self/mountinfo')
    .split('\n')
    .flatMap((line) => {
      const [before = '', after = ''] = line.split(' - ');
      const [, , , root = '/', place = ''] = before.split(' ');
      const [type, , options = ''] = after.split(' ');
      const path = type === 'cgroup2' ? paths.get('') : paths.get('name=systemd');
      const fits = type === 'cgroup2' || (type === 'cgroup' && options.includes('name=systemd'));
      if (!fits || path === undefined) return [];
      return [join(place, root !== '/' && path.startsWith(root) ? path.slice(root.length) : path)];
    });
}

const made = (folder: string) =>
  mkdir(folder, { recursive: true }).then(
    () => true,
    () => false,
  );

const processesIn = async (group: string): Promise<number[]> =>
  (await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
    .map(Number);

/** Before Linux 5.14 a group could not be killed as one. */
async function killEach(group: string, clock: Clock): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const pids = await processesIn(group);
    if (!pids.length) return;
    for (const pid of pids) sendSignal(pid, 'SIGKILL');
    await clock.sleep(5);
  }
}

/** A group is busy until the last of what was killed in it is gone. */
async function removed(group: string, clock: Clock): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const code = await rmdir(group).then(
      () => '',
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (code !== 'EBUSY') return;
    await clock.sleep(5);
  }
}

/** The group around those of Pods: what is left of it would stay when the data folder is long gone. */
const removeEmpty = (group: string) => rmdir(group).catch(() => {});

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
