import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../examples/demo/server.ts';

const git = (...args: string[]) => spawnSync('git', ['-C', repository, ...args], { encoding: 'utf8' });

/** Why the tree of an earlier commit cannot be had: a shallow clone has only the last one. */
export const noCommit = (commit: string): string | false =>
  git('cat-file', '-e', `${commit}^{commit}`).status !== 0 && `the clone has no commit ${commit}`;

/** The tree of an earlier commit in a folder of its own, with the packages of this checkout. */
export function earlierTree(commit: string): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), `shallop-${commit}-`));
  const command = 'git -C "$1" archive "$2" | tar -x -C "$3"';
  const { status, stderr } = spawnSync('sh', ['-c', command, 'sh', repository, commit, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the tree of ${commit} could not be had: ${stderr}`);
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
