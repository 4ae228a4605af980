import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../examples/demo/server.ts';

/** A Python with packages of its own, or why it cannot be had here. */
export type Python = { python: string } | { obstacle: string };

/** Makes an environment below .cache once, with what `arguments_` say to pip; only where the examples are asked for. */
export function pythonWith(name: string, ...arguments_: string[]): Python {
  if (!process.env.SHALLOP_EXAMPLE_TESTS) return { obstacle: 'SHALLOP_EXAMPLE_TESTS=1 is not set' };
  const home = join(repository, '.cache', name);
  const ready = join(home, '.ready');
  const python = join(home, 'bin', 'python3');
  if (existsSync(ready)) return { python };
  rmSync(home, { recursive: true, force: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--retries', '8', ...arguments_];
  const succeeds = (program: string, words: string[]) =>
    spawnSync(program, words, { stdio: 'ignore' }).status === 0;
  if (!succeeds('python3', ['-m', 'venv', home]) || !succeeds(python, pip))
    return { obstacle: `Python is not installed, or pip cannot get what ${name} needs` };
  writeFileSync(ready, '');
  return { python };
}
