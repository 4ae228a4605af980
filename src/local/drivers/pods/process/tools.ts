import { StartError } from '../sandbox.ts';
import { findProgram } from './descriptor.ts';

/** Programs of this machine that runs are started with, by their absolute paths: a container's PATH is its own. */
export interface Tools {
  sh: string;
  mkfifo: string;
  /** The others are '' where there is none. */
  bash: string;
  unshare: string;
  nsenter: string;
  mount: string;
}

export interface Shell {
  program: string;
  /** A flag that it has to be given, or ''. */
  flag: string;
}

export function findTools(path: string): Tools {
  const find = (name: string) => findProgram(name, '/', path) ?? '';
  return {
    sh: find('sh') || '/bin/sh',
    mkfifo: find('mkfifo') || 'mkfifo',
    bash: find('bash'),
    unshare: find('unshare'),
    nsenter: find('nsenter'),
    mount: find('mount'),
  };
}

/**
 * The shell that passes this whole environment on to what it runs. Most shells drop names that are none for their own
 * variables, `my.key` for example; bash does not. Throws StartError where that is needed and not there.
 */
export function shellFor(env: Record<string, string>, { sh, bash }: Tools): Shell {
  const odd = Object.keys(env).find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (odd === undefined) return { program: sh, flag: '' };
  if (bash) return { program: bash, flag: '-p' };
  throw new StartError(
    `environment variable ${JSON.stringify(odd)} needs the program bash, which is not there`,
  );
}

/** The command line by which a command first joins a control group, which holds all that it starts. */
export const inGroup = (group: string, { program, flag }: Shell, command: string[]): string[] => [
  program,
  ...(flag ? [flag] : []),
  ...['-c', 'echo $$ >"$0/cgroup.procs"; exec "$@"', group, ...command],
];
