import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { repository } from '../../examples/demo/server.ts';
import { needs, notLinux } from '../support/needs.ts';
import { execute } from '../support/plane.ts';

const noHistory = !existsSync(join(repository, '.git')) && 'this is no clone of the repository';
let folder: string;

beforeAll(() => {
  // Beside node_modules, whose files the clones share by hard links.
  mkdirSync(join(repository, '.cache'), { recursive: true });
  folder = mkdtempSync(join(repository, '.cache', 'reproducible-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

needs(notLinux || noHistory).test(
  '`npm pack` in two clones of a commit, in other folders, languages and time zones, gives the same bytes',
  async () => {
    const sums = [
      await packedIn(join(folder, 'one'), { TZ: 'UTC', LC_ALL: 'C' }),
      await packedIn(join(folder, 'further', 'down', 'another'), { TZ: 'Asia/Seoul', LC_ALL: 'C.UTF-8' }),
    ];
    expect(sums[1]).toBe(sums[0]);
  },
  600_000,
);

/** @returns the SHA-256 of the package that `npm pack` makes of the last commit in a new clone. */
async function packedIn(clone: string, env: Record<string, string>): Promise<string> {
  mkdirSync(dirname(clone), { recursive: true });
  await run(folder, 'git', ['clone', '--quiet', repository, clone]);
  await run(folder, 'cp', ['-al', join(repository, 'node_modules'), join(clone, 'node_modules')]);
  await run(clone, 'npm', ['pack'], env);
  const tarball = readdirSync(clone).find((name) => name.endsWith('.tgz'))!;
  const sum = createHash('sha256')
    .update(readFileSync(join(clone, tarball)))
    .digest('hex');
  rmSync(clone, { recursive: true });
  return sum;
}

async function run(cwd: string, program: string, args: string[], env: Record<string, string> = {}) {
  // The mode of files is part of the package.
  const words = ['-c', 'umask 022 && cd "$0" && exec "$@"', cwd, program, ...args];
  const said = await execute('sh', words, { ...process.env, ...env }, undefined, undefined, 600_000);
  if (said.code !== 0) throw new Error(`${program}: ${said.stdout}${said.stderr}`);
}
