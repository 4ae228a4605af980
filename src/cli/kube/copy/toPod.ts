import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import { basename, join, posix, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import type { Scene } from '../scene.ts';
import { remotePath } from './filespec.ts';
import type { Run } from './index.ts';

const patienceMs = 30_000;

/** Copies a file or a folder into a container; into a folder that is there already under its own name. */
export async function copyToPod(
  { call, io }: Pick<Scene, 'call' | 'io'>,
  from: string,
  to: string,
  run: Run,
): Promise<number> {
  const source = resolve(io.cwd, from);
  if (!(await stat(source).catch(() => undefined)))
    throw new Error(`${from} doesn't exist in local filesystem`);
  const target = (await isFolder(to, run))
    ? posix.join(to, remotePath(basename(source)))
    : posix.normalize(to);
  const archive = pack();
  const packing = addAll(archive, source, posix.basename(target)).then(
    () => archive.finalize(),
    (error) => archive.destroy(error),
  );
  const keep = call.flag('no-preserve') ? ['--no-same-permissions', '--no-same-owner'] : [];
  const command = ['tar', ...keep, '-xmf', '-', '-C', posix.dirname(target)];
  let broken: Error | undefined;
  archive.on('error', (error) => {
    broken = error;
  });
  const chunks = archive as unknown as AsyncIterable<Uint8Array>;
  const { write: stdout, writeError: stderr } = io;
  const input = { chunks, close: () => void archive.destroy() };
  const code = await run({ command, input, stdout, stderr }).catch((error) => {
    throw broken ?? error;
  });
  await packing;
  if (broken) throw broken;
  if (code) io.err(`command terminated with exit code ${code}`);
  return code;
}

/** What cannot be asked is told by the copy itself. */
async function isFolder(path: string, run: Run): Promise<boolean> {
  const patience = AbortSignal.timeout(patienceMs);
  const ignored = () => {};
  const code = await run({ command: ['test', '-d', path], stdout: ignored, stderr: ignored }, patience).catch(
    () => undefined,
  );
  if (patience.aborted) throw new Error('context deadline exceeded');
  return code === 0;
}

/** Adds what stands at a path, with what is below it. Links stay links. */
async function addAll(archive: Pack, path: string, name: string): Promise<void> {
  const stats = await lstat(path);
  if (!stats.isDirectory()) return add(archive, path, name, stats);
  const names = (await readdir(path)).sort();
  if (!names.length) archive.entry({ ...headOf(name, stats), type: 'directory' });
  for (const each of names) await addAll(archive, join(path, each), posix.join(name, remotePath(each)));
}

async function add(archive: Pack, path: string, name: string, stats: Stats): Promise<void> {
  const head = headOf(name, stats);
  if (stats.isSymbolicLink()) {
    archive.entry({ ...head, type: 'symlink', linkname: await readlink(path) });
    return;
  }
  if (!stats.isFile()) throw new Error(`${path} is neither a file nor a folder nor a link`);
  const entry = archive.entry({ ...head, type: 'file', size: stats.size }) as unknown as Writable;
  // What is added to the file meanwhile stays out; what is missing breaks the archive off.
  if (!stats.size) {
    entry.end();
    return;
  }
  await pipeline(createReadStream(path, { end: stats.size - 1 }), entry);
}

const headOf = (name: string, { mode, uid, gid, mtime }: Stats) => ({
  name,
  mode: mode & 0o7777,
  uid,
  gid,
  mtime,
});
