import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../../verb.ts';

/** A text as the user has left it, and the file that keeps it. */
export interface Edited {
  text: string;
  file: string;
}

/**
 * Opens a text in the user's editor (KUBE_EDITOR, EDITOR, else vi) and waits until that ends. Throws in kubectl's words
 * when it fails; a text that was changed before is kept, and told where.
 */
export async function editText(
  text: string,
  extension: string,
  io: Pick<Io, 'env' | 'cwd' | 'err'>,
): Promise<Edited> {
  // A folder of its own, which only its owner may read: it may be a Secret.
  const file = join(await mkdtemp(join(tmpdir(), 'shallop-edit-')), `object${extension}`);
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    await launch(editorOf(io.env), file, io);
    return { text: await readFile(file, 'utf8'), file };
  } catch (error) {
    const left = await readFile(file, 'utf8').catch(() => '');
    if (left === '' || left === text) await discard(file);
    else tellKept(file, io);
    throw error;
  }
}

/** Removes the file of a text that is needed no more. */
export async function discard(file: string | undefined): Promise<void> {
  if (file) await rm(dirname(file), { recursive: true, force: true });
}

/** Tells the user where the text is. */
export const tellKept = (file: string, { err }: Pick<Io, 'err'>): void =>
  err(`A copy of your changes has been stored to ${JSON.stringify(file)}`);

/** The words of a call; with a shell the last is a text that it reads. */
function editorOf(env: Io['env']): { words: string[]; isShell: boolean } {
  const isWindows = process.platform === 'win32';
  const editor = env.KUBE_EDITOR || env.EDITOR || (isWindows ? 'notepad' : 'vi');
  if (!/["'\\]/.test(editor) || !editor.includes(' ')) return { words: editor.split(' '), isShell: false };
  const shell = env.SHELL || (isWindows ? 'cmd' : '/bin/bash');
  return { words: [shell, shell === 'cmd' ? '/C' : '-c', editor], isShell: true };
}

function launch(
  { words, isShell }: ReturnType<typeof editorOf>,
  file: string,
  io: Pick<Io, 'env' | 'cwd'>,
): Promise<void> {
  const failed = (what: string) => new Error(`${what} the editor ${JSON.stringify(words.join(' '))}`);
  const [program, ...rest] = words as [string, ...string[]];
  const args = isShell ? [rest[0]!, `${rest[1]} ${JSON.stringify(file)}`] : [...rest, file];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...io.env }, cwd: io.cwd });
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(failed(error.code === 'ENOENT' ? 'unable to launch' : 'there was a problem with')),
    );
    child.on('exit', (code) => (code === 0 ? resolve() : reject(failed('there was a problem with'))));
  });
}
