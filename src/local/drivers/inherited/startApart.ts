import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { type Stdio, sealed } from './index.ts';
import { unspared } from './spared.ts';

/** Starts a program of a Pod in a session of its own. It has nothing of this process but what it is given. */
export const startApart = (
  [program = '', ...args]: string[],
  stdio: Stdio[],
  options: Pick<SpawnOptions, 'cwd' | 'env'>,
): ChildProcess => unspared(() => spawn(program, args, { ...options, detached: true, stdio: sealed(stdio) }));
