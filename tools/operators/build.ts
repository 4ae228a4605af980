import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Operator, Program } from './operator.ts';

const run = promisify(execFile);
const cache = join(import.meta.dirname, '../../.cache/operators');

/** The folder beside this file that names an operator's version: `go.mod`, `go.sum`. */
const homeOf = ({ name }: Operator): string => join(import.meta.dirname, name);

/** Another version of Go than the one that is installed would be downloaded. */
const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly -p=1' };

/** Builds a program, gently: compilers take all memory and cores that they get. @returns where it is. */
export async function build(operator: Operator, { program }: Program): Promise<string> {
  await mkdir(cache, { recursive: true });
  const isMain = program === operator.program;
  const binary = join(cache, isMain ? operator.name : `${operator.name}-${basename(program)}`);
  await run('nice', ['-n', '10', 'go', 'build', '-o', binary, program], {
    cwd: homeOf(operator),
    env,
    maxBuffer: 64 << 20,
  });
  return binary;
}

/** Where the source of the operator's module is, and its version. */
export async function sourceOf(operator: Operator): Promise<{ folder: string; version: string }> {
  const format = '{{.Dir}} {{.Version}}';
  const { stdout } = await run('go', ['list', '-m', '-f', format, operator.module], {
    cwd: homeOf(operator),
    env,
  });
  const [folder = '', version = ''] = stdout.trim().split(' ');
  return { folder, version };
}
