import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../datafolder/index.ts';
import { type Keychain, systemKeychain } from './keychain.ts';
import { idOf } from './keyWrapper.ts';

/** Keys of 32 bytes. The first seals; the others only open what they sealed. */
export type Keys = [Uint8Array, ...Uint8Array[]];

/**
 * The keys that seal the Secrets of a data folder. `source` is `folder` (a file `encryption.key` in the data folder, made
 * at the first start), `keychain` (of the system, made there at the first start) or a path of a file with one key in
 * base64 on each line. Throws when there is none, and when the folder was sealed with a key that is not among them.
 */
export async function openKeys(
  folder: string,
  source: string,
  keychain: Keychain = systemKeychain,
): Promise<Keys> {
  const keys = parseKeys(await keyTextFrom(folder, source, keychain), source);
  await checkFolder(folder, keys, source);
  return keys;
}

async function keyTextFrom(folder: string, source: string, keychain: Keychain): Promise<string> {
  if (source === 'keychain') {
    const kept = await keychain.read(folder);
    if (kept) return kept;
    await expectNoKeyYet(folder, source);
    const made = newKey();
    await keychain.write(folder, made);
    return made;
  }
  if (source !== 'folder')
    return readFile(source, 'utf8').catch((error: Error) => {
      throw new Error(`--encryption-key: ${error.message}`);
    });
  const file = join(folder, 'encryption.key');
  const kept = await textOf(file);
  if (kept) return kept;
  await expectNoKeyYet(folder, file);
  const made = newKey();
  await replaceFile(file, made);
  return made;
}

const newKey = () => `${randomBytes(32).toString('base64')}\n`;

function parseKeys(text: string, source: string): Keys {
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => Buffer.from(line, 'base64'));
  const [first, ...rest] = keys;
  if (!first || keys.some((key) => key.length !== 32))
    throw new Error(
      `--encryption-key: ${source} must hold keys of 32 bytes in base64, one on each line (head -c 32 /dev/urandom | base64)`,
    );
  return [first, ...rest];
}

/** The name of the key in use stands in the folder, so that a wrong key is refused before anything is written. */
const markOf = (folder: string) => join(folder, 'encryption.id');

async function checkFolder(folder: string, keys: Keys, source: string): Promise<void> {
  const mark = (await textOf(markOf(folder)))?.trim();
  const ids = keys.map(idOf);
  if (mark && !ids.includes(mark)) throw wrongKey(folder, mark, source);
  if (mark !== ids[0]) await replaceFile(markOf(folder), `${ids[0]}\n`);
}

async function expectNoKeyYet(folder: string, source: string): Promise<void> {
  const mark = (await textOf(markOf(folder)))?.trim();
  if (mark) throw wrongKey(folder, mark, source);
}

const wrongKey = (folder: string, mark: string, source: string) =>
  new Error(
    `Secrets in ${folder} are sealed with the key ${mark}, which ${source} does not hold; say with --encryption-key where it is`,
  );

const textOf = (file: string) =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
