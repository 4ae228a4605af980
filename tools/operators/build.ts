import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Operator, Program } from './operator.ts';

const run = promisify(execFile);
const cache = join(import.meta.dirname, '../../.cache/operators');

/** Compilers take all memory and cores that they get, which are theirs only where nothing else runs. */
const compilers = process.env.CI ? availableParallelism() : 1;
/** Another version of Go than the one that is installed would be downloaded. What the caller's flags say wins. */
const env = {
  ...process.env,
  GOTOOLCHAIN: 'local',
  GOFLAGS: `-mod=readonly -p=${compilers} ${process.env.GOFLAGS ?? ''}`.trim(),
};

/**
 * The folder of the `go.mod` that names an operator's version: its own, or this one for those that agree in what they depend
 * on, so that it is compiled once. `below` it is the one of a program that has its own.
 */
function homeOf({ name }: Operator, below = ''): string {
  const own = join(import.meta.dirname, name, below);
  return existsSync(join(own, 'go.mod')) ? own : import.meta.dirname;
}

const go = (home: string, args: readonly string[], signal?: AbortSignal) =>
  run('nice', ['-n', '10', 'go', ...args], { cwd: home, env, maxBuffer: 64 << 20, signal });

/** Why an operator cannot be built here. Fetches its modules where they are not there yet. */
export async function obstacle(operator: Operator): Promise<string | undefined> {
  try {
    await go(homeOf(operator), ['version']);
  } catch {
    return 'Go is not installed';
  }
  try {
    const commands = (operator.commands ?? []).map((program) => ({ program, home: undefined }));
    for (const { program, home } of [...programsOf(operator), ...commands])
      await go(homeOf(operator, home), ['list', '-deps', program]);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    return `its modules cannot be had: ${stderr.trim().split('\n').at(-1)}`;
  }
  return undefined;
}

/** Its programs in the order in which they are started. */
export const programsOf = (operator: Operator): Program[] => [...(operator.beside ?? []), operator];

/** Builds a program or a command of an operator, until the signal. @returns where it is. */
export async function build(
  operator: Operator,
  { program, home }: Pick<Program, 'program' | 'home'>,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(cache, { recursive: true });
  const isMain = program === operator.program;
  const binary = join(cache, isMain ? operator.name : `${operator.name}-${basename(program)}`);
  await go(homeOf(operator, home), ['build', '-o', binary, program], signal);
  return binary;
}

/** Where the source of the operator's module is, and its version. */
export async function sourceOf(operator: Operator): Promise<{ folder: string; version: string }> {
  // Without it a module that is not in the cache yet has no folder.
  await go(homeOf(operator), ['mod', 'download', operator.module]);
  const { stdout } = await go(homeOf(operator), [
    'list',
    '-m',
    '-f',
    '{{.Dir}} {{.Version}}',
    operator.module,
  ]);
  const [folder = '', version = ''] = stdout.trim().split(' ');
  return { folder, version };
}

/** Fetches a module, named with its version, of which only files are needed. @returns its folder. */
export async function downloaded(module: string): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', module], { env, cwd: tmpdir() });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
