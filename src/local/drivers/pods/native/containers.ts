import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { nextLookMs } from '../nextLook.ts';
import { isAlive, type ProcessId } from '../process/identity.ts';
import { type Launch, type Run, StartError } from '../sandbox.ts';
import { execCommand, type Jail } from './commandLines.ts';
import { type Confined, confine, requireProgram, terminationFile } from './confinement.ts';
import type { Group } from './limits.ts';
import { type PauseOptions, pauseOf } from './pause.ts';
import { removeTree } from './removeTree.ts';
import { failedFile, readyFile } from './script.ts';
import type { Support } from './support.ts';
import { openToolsRoot } from './toolsRoot.ts';

/**
 * Describes what the sandbox needs for a container with a root file system of its own, beside what it does for every
 * run.
 */
export interface Containers {
  /** Has what the others take for given: to be awaited before each of them. */
  ready(): Promise<void>;
  prepare(run: Run, launch: Launch, place: Place): Confined;
  /** The first process of the process namespace that a Pod's containers share, started if it is not there. */
  pause(place: Omit<PauseOptions, 'support' | 'clock' | 'toolsRoot'>): Promise<ProcessId>;
  /** Resolves when the program runs in its root. Throws StartError when `hasEnded` and it never did. */
  started(folder: string, hasEnded: () => boolean): Promise<void>;
  /**
   * The command line that runs a command beside a container's main process, once that is in its own root: before, the
   * command would be run in this machine's. Throws StartError.
   */
  beside(jail: Jail, main: ProcessId, command: string[]): Promise<string[]>;
  /** Removes a folder of runs, with what containers' users left in it. */
  remove(folder: string): Promise<void>;
  close(): void;
}

export interface ContainersOptions {
  support: Support;
  clock: Clock;
  /** An empty folder, made when it is not there. */
  toolsFolder: string;
  /** Brings a command line into the user namespace of Pods. Absent: there is none for all of them. */
  inside?: ((command: string[]) => string[]) | undefined;
  /** Is told once of what containers are not kept from. */
  warn?: ((line: string) => void) | undefined;
}

export interface Place {
  /** The run's folder. */
  folder: string;
  /** Says where what may be secret is written down. */
  notes: string;
  /** The Pod's address, and whether it belongs to it alone. */
  ip: string;
  own: boolean;
  /** As in PodAddress. */
  joinedUser?: 'one' | 'all';
  /** Says where names of its logical cluster are answered. */
  nameserver?: string;
  /** The control groups with the container's limits. */
  groups: Group[];
  /** As in Surroundings. */
  pause?: number;
}

export function createContainers({
  support,
  clock,
  toolsFolder,
  inside,
  warn,
}: ContainersOptions): Containers {
  const tools = openToolsRoot(support, toolsFolder, clock, inside);
  // Where it cannot be made, this machine's.
  let toolsRoot = '/';
  let hasWarned = false;
  return {
    async ready() {
      toolsRoot = await tools.open().catch(({ message }: Error) => {
        if (!hasWarned)
          warn?.(`containers can look at this machine's files while a command is run in them: ${message}`);
        hasWarned = true;
        return '/';
      });
    },
    prepare: (run, launch, { own, ...place }) =>
      confine(run, launch, { ...place, ownNetwork: own, support, toolsRoot }),
    pause: (place) => pauseOf({ ...place, support, clock, toolsRoot }),
    async started(folder, hasEnded) {
      const began = clock.now();
      while (!isReady(folder)) {
        if (hasEnded() && !isReady(folder)) throw new StartError(failureOf(folder));
        await clock.sleep(nextLookMs(clock.now() - began));
      }
    },
    async beside(jail, main, command) {
      const { pid } = main;
      const began = clock.now();
      while (!isInOwnRoot(pid, toolsRoot)) {
        if (!isAlive(main)) throw new StartError('its program is not running');
        await clock.sleep(nextLookMs(clock.now() - began));
      }
      const view = { root: `/proc/${pid}/root`, mounts: [] };
      requireProgram(view, command[0] ?? '', jail.workingDir, jail.env.PATH ?? '');
      return execCommand(support.tools, jail, pid, command, toolsRoot);
    },
    remove: (folder) =>
      removeTree(
        folder,
        support.user === 'all'
          ? [support.tools.unshare, '--user', '--map-root-user', '--map-auto']
          : undefined,
      ),
    close: tools.close,
  };
}

/** Returns whether the root of a process is a container's: neither this machine's, nor that of its tools. */
function isInOwnRoot(pid: number, toolsRoot: string): boolean {
  try {
    const own = statSync(`/proc/${pid}/root/`);
    return ['/', `${toolsRoot}/`].every((path) => {
      const { dev, ino } = statSync(path);
      return own.dev !== dev || own.ino !== ino;
    });
  } catch {
    return false;
  }
}

/** Returns whether a run's program came to run in its root. */
export const isReady = (folder: string): boolean => existsSync(join(folder, readyFile));

/** Returns why the root of a run could not be made, by the last line in which a tool says so: mount(8) adds where to look. */
export const failureOf = (folder: string): string =>
  tailOf(join(folder, failedFile), 1024)
    .split('\n')
    .filter((line) => /^\S/.test(line))
    .at(-1) || 'its root file system could not be made';

/**
 * Returns what a container left at its termination message path, the last 4 KiB. The file is one of ours, mounted
 * there: the container can write to it and cannot put anything else in its place.
 */
export const messageOf = (folder: string): string => tailOf(join(folder, terminationFile), 4096);

function tailOf(file: string, bytes: number): string {
  try {
    const from = Math.max(0, statSync(file).size - bytes);
    const fd = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(bytes);
      return buffer.subarray(0, readSync(fd, buffer, 0, bytes, from)).toString();
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
