import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Keychain, keychainOf } from './keychain.ts';
import { openKeys } from './keys.ts';
import { idOf, keyWrapper } from './keyWrapper.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (byte: number) => `${Buffer.alloc(32, byte).toString('base64')}\n`;
const keyFile = (...bytes: number[]) => {
  const file = join(folder, 'keys');
  writeFileSync(file, `# mine\n${bytes.map(line).join('')}`);
  return file;
};

describe('keys', () => {
  test('of the folder are made once, readable for their owner alone', async () => {
    const [key] = await openKeys(folder, 'folder');
    expect(statSync(join(folder, 'encryption.key')).mode & 0o777).toBe(0o600);
    expect(await openKeys(folder, 'folder')).toEqual([key]);
  });

  test('of a file: the first seals, the others still open', async () => {
    await openKeys(folder, keyFile(1));
    const keys = await openKeys(folder, keyFile(2, 1));
    expect(keys.map(idOf)).toEqual([idOf(Buffer.alloc(32, 2)), idOf(Buffer.alloc(32, 1))]);
    await expect(openKeys(folder, keyFile(1))).rejects.toThrow(/are sealed with the key [0-9a-f]{16}, which/);
  });

  test.each([
    ['', /must hold keys of 32 bytes/],
    ['c2hvcnQ=\n', /must hold keys of 32 bytes/],
  ])('%j is no key file', async (text, message) => {
    writeFileSync(join(folder, 'keys'), text);
    await expect(openKeys(folder, join(folder, 'keys'))).rejects.toThrow(message);
  });

  test('a folder that lost its key is not given a new one', async () => {
    await openKeys(folder, 'folder');
    rmSync(join(folder, 'encryption.key'));
    await expect(openKeys(folder, 'folder')).rejects.toThrow(/does not hold; say with --encryption-key/);
    expect(() => readFileSync(join(folder, 'encryption.key'))).toThrow('ENOENT');
  });

  test('of the keychain are made there once, and nothing of them is in the folder', async () => {
    const kept = new Map<string, string>();
    const keychain: Keychain = {
      read: async (at) => kept.get(at),
      write: async (at, text) => void kept.set(at, text),
    };
    const keys = await openKeys(folder, 'keychain', keychain);
    expect(await openKeys(folder, 'keychain', keychain)).toEqual(keys);
    expect(() => readFileSync(join(folder, 'encryption.key'))).toThrow('ENOENT');
    kept.clear();
    await expect(openKeys(folder, 'keychain', keychain)).rejects.toThrow('keychain does not hold');
  });
});

describe('the wrapper', () => {
  test('opens what any of its keys wrapped, and nothing else', async () => {
    const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const { secret, wrapped } = await keyWrapper([one]).generate();
    expect(await keyWrapper([two, one]).unwrap(wrapped, idOf(one))).toEqual(secret);
    await expect(keyWrapper([two]).unwrap(wrapped, idOf(one))).rejects.toThrow(
      'not among the encryption keys',
    );
    await expect(keyWrapper([two]).unwrap(wrapped, idOf(two))).rejects.toThrow();
  });
});

describe.each<[NodeJS.Platform, number]>([
  ['darwin', 44],
  ['linux', 1],
])('the keychain of %s', (platform, absent) => {
  const answering = (code: number, stdout = '', stderr = '') =>
    keychainOf(platform, async () => ({ code, stdout, stderr }));

  test('tells what is kept from what is not, and from what failed', async () => {
    expect(await answering(0, 'key').read('/data')).toBe('key');
    expect(await answering(absent).read('/data')).toBeUndefined();
    await expect(answering(2, '', 'locked').read('/data')).rejects.toThrow(/failed: locked/);
    await expect(answering(2, '', 'locked').write('/data', 'k')).rejects.toThrow(/failed: locked/);
  });

  test('does not show a key among the arguments of a process', async () => {
    const seen: string[] = [];
    const keychain = keychainOf(platform, async (_command, args) => {
      seen.push(...args);
      return { code: 0, stdout: '', stderr: '' };
    });
    await keychain.write('/data', 'hunter2');
    expect(seen.join(' ')).not.toContain('hunter2');
  });
});
