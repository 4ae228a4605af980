import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isWindows, needs } from '../../../test/support/needs.ts';
import type { KubeObject } from '../kube/objects.ts';
import { readSnapshot, writeSnapshot } from './file.ts';
import { survey } from './survey.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-snapshot-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const about = { cluster: 'c', taken: '2026-01-01T00:00:00Z', shallop: '0.1.0' };

const anObject: fc.Arbitrary<KubeObject> = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constantFrom('ConfigMap', 'Secret'),
  metadata: fc.record({ name: fc.string({ minLength: 1 }), uid: fc.uuid() }),
  data: fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
});

async function* each(objects: KubeObject[]) {
  yield* objects;
}

let files = 0;
async function written(objects: KubeObject[]): Promise<string> {
  const path = join(folder, `${files++}.gz`);
  await writeSnapshot(path, about, each(objects));
  return path;
}

async function read(path: string): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const line of readSnapshot(path)) lines.push(line);
  return lines;
}

test('what is written is read again', () =>
  fc.assert(
    fc.asyncProperty(fc.array(anObject), async (objects) => {
      const [header, ...rest] = await read(await written(objects));
      expect(header).toMatchObject(about);
      expect(rest).toEqual(JSON.parse(JSON.stringify(objects)));
    }),
    { numRuns: 30 },
  ));

test('a file that is cut or changed anywhere is refused by its name', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(anObject, { minLength: 1, maxLength: 5 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.constantFrom('cut', 'changed', 'changed inside', 'cut inside'),
      async (objects, where, how) => {
        const path = await written(objects);
        const bytes = how.endsWith('inside') ? gunzipSync(readFileSync(path)) : readFileSync(path);
        // The head of a gzip has bytes that mean nothing: the time, the system.
        const at = Math.max(how === 'changed' ? 10 : 0, Math.floor(where * bytes.length));
        const broken = how.startsWith('cut') ? bytes.subarray(0, at) : Buffer.from(bytes);
        if (how.startsWith('changed')) broken[at]! ^= 1;
        writeFileSync(path, how.endsWith('inside') ? gzipSync(broken) : broken);
        await expect(survey(path)).rejects.toThrow(`${path} is not a complete snapshot of a cluster`);
      },
    ),
    { numRuns: 60 },
  ));

test.each([
  ['another file', 'hello\n', 'it is no gzip'],
  ['another gzip', gzipSync('hello\n'), 'it does not begin as one'],
  ['an empty gzip', gzipSync(''), 'it was cut'],
  ['JSON of something else', gzipSync('{"kind":"List"}\n'), 'it does not begin as one'],
  [
    'a newer version',
    gzipSync('{"format":"shallop.dev/cluster-snapshot","version":2}\n'),
    'its version is 2, and this shallop knows 1',
  ],
])('%s is refused', async (_what, content, why) => {
  const path = join(folder, 'foreign');
  writeFileSync(path, content);
  await expect(survey(path)).rejects.toThrow(`${path} is not a complete snapshot of a cluster: ${why}`);
});

test('only its owner reads a snapshot, and no file is overwritten', async () => {
  const path = await written([]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const before = readFileSync(path);
  await expect(writeSnapshot(path, about, each([]))).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(path)).toEqual(before);
});

test('a snapshot that fails on the way leaves no file', async () => {
  const path = join(folder, 'failing.gz');
  async function* failing(): AsyncGenerator<KubeObject> {
    yield { metadata: { name: 'a' } };
    throw new Error('the server left');
  }
  await expect(writeSnapshot(path, about, failing())).rejects.toThrow('the server left');
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.includes('failing'))).toEqual([]);
});

needs(isWindows).test('a link in the place of what is not whole yet is not followed', async () => {
  const [path, foreign] = [join(folder, 'linked.gz'), join(folder, 'foreign-file')];
  writeFileSync(foreign, 'of somebody else', { mode: 0o644 });
  symlinkSync(foreign, `${path}.partial`);
  await writeSnapshot(path, about, each([]));
  expect(readFileSync(foreign, 'utf8')).toBe('of somebody else');
  expect(lstatSync(path)).toMatchObject({ mode: 0o100600 });
});

test('the name of a snapshot whose writer was killed is free, and that of one being written is not', async () => {
  const path = join(folder, 'killed.gz');
  const module = JSON.stringify(new URL('file.ts', import.meta.url).href);
  const script = `const { writeSnapshot } = await import(${module});
async function* hanging() { console.log('begun'); setInterval(() => {}, 1e6); await new Promise(() => {}); }
await writeSnapshot(${JSON.stringify(path)}, ${JSON.stringify(about)}, hanging());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await expect(writeSnapshot(path, about, each([]))).rejects.toMatchObject({ code: 'EEXIST' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await writeSnapshot(path, about, each([]));
  expect(await read(path)).toMatchObject([about]);
  expect(readdirSync(folder).filter((name) => name.startsWith('killed'))).toEqual(['killed.gz']);
});

test('a file that names a process which has ended, and is no snapshot, stays', async () => {
  const path = join(folder, 'instance.json');
  const text = JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1', host: hostname() });
  writeFileSync(path, text);
  await expect(writeSnapshot(path, about, each([]))).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(path, 'utf8')).toBe(text);
});
