import { readFileSync, realpathSync, statSync } from 'node:fs';
import { ConfigError } from '../../../../shared/podspec/context.ts';

/*
 * What a container mounts in a volume with `Bidirectional` appears on this machine, and the other way round: the mounts are
 * peers. They stay peers when they are copied with their mount namespace or bound in it, but nothing may be mounted on a
 * peer meanwhile, since that would appear on this machine too. The sources are therefore bound at a stage first, which stands
 * on a file system that holds none of them, and what the container's root is made on becomes private after that.
 */

/** A folder that every kernel has, on a file system that nobody has a volume on. */
const stage = '/proc/fs';

/** Returns where the source of that number is staged. */
export const stagedAt = (number: number): string => `${stage}/${number}`;

/**
 * Returns lines of the script that makes the root file system in `folder`: they stage the sources, and keep from this machine
 * what is mounted for the root.
 */
export function stageLines(sources: string[], folder: string): string[] {
  if (sources.length === 0) return [];
  const made = (source: string, at: string) => (statSync(source).isDirectory() ? `mkdir ${at}` : `: >${at}`);
  return [
    `mount -n --make-private /proc && mount -n -t tmpfs -o mode=700 tmpfs ${stage} || fail`,
    ...sources.map((source, number) => {
      const at = stagedAt(number);
      return `${made(source, at)} && mount -n --rbind -- ${quoted(source)} ${at} || fail`;
    }),
    ...[...new Set([mountOf(folder).point, '/'])].map(
      (point) => `mount -n --make-private ${quoted(point)} || fail`,
    ),
  ];
}

/**
 * Returns lines that take the stage away, once its mounts are where they belong. They stop to be peers before, or what is
 * mounted below a source would be unmounted on this machine and in the container, too.
 */
export const unstageLines = (sources: string[]): string[] =>
  sources.length ? [`mount -n --make-rprivate ${stage} && umount -n -l ${stage} || fail`] : [];

/** Throws ConfigError, in the words of container runtimes, where nothing mounted at a path would be seen elsewhere. */
export function requireShared(path: string): void {
  const { point, isShared } = mountOf(path);
  if (!isShared)
    throw new ConfigError(
      `path "${path}" is mounted on "${point}" but it is not a shared mount`,
      'CreateContainerError',
    );
}

/** Describes a mount of this process's namespace. */
interface Mounted {
  point: string;
  options: string[];
  isShared: boolean;
}

/** Returns the mount that a path stands on, links being followed. */
export function mountOf(path: string, mountInfo = readFileSync('/proc/self/mountinfo', 'utf8')): Mounted {
  const real = realOf(path);
  const lines = mountInfo.split('\n').filter(Boolean).map(mountedIn);
  const above = lines.filter(({ point }) => point === '/' || real === point || real.startsWith(`${point}/`));
  // Of several at one point the last is seen.
  return above.reduce((best, each) => (each.point.length >= best.point.length ? each : best), {
    point: '/',
    options: [],
    isShared: false,
  });
}

function mountedIn(line: string): Mounted {
  const [fields = ''] = line.split(' - ');
  const [, , , , point = '', options = '', ...marks] = fields.split(' ');
  return {
    point: unescaped(point),
    options: options.split(','),
    isShared: marks.some((mark) => mark.startsWith('shared:')),
  };
}

const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
