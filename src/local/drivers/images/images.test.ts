import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  digestOf,
  dockerArchive,
  type Entry,
  imageOf,
  layerOf,
  ociArchive,
} from '../../../../test/support/images/layers.ts';
import { startRegistry, type TestRegistry } from '../../../../test/support/images/registry.ts';
import { until } from '../../../../test/support/until.ts';
import { systemClock } from '../../../shared/clock/systemClock.ts';
import { type Images, openImages } from './index.ts';

let folder: string;
let images: Images;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-images-'));
  images = openImages({ folder: join(folder, 'images'), clock: systemClock });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (archive: Buffer, name?: string) => images.load(Readable.from([archive]), name);
const rootOf = async (name: string) => (await images.find(name)).root ?? '';
/** Returns what a failed load or pull may leave. */
const leftovers = () => ['names', 'roots', 'drafts'].flatMap(filesIn);
const filesIn = (part: string) => readdirSync(join(folder, 'images', part)).filter((name) => name !== 'lock');

describe('archives', () => {
  const file: Entry = { name: 'etc/app', content: 'hello' };

  test.each([
    ['plain', (layer: Buffer) => layer],
    ['gzip', (layer: Buffer) => gzipSync(layer)],
    ['zstd', (layer: Buffer) => zstdCompressSync(layer)],
  ])('docker save and OCI archives with %s layers are loaded', async (_, compress) => {
    const image = imageOf(
      [await layerOf([file])],
      {
        Entrypoint: ['/app'],
        Cmd: ['x'],
        Env: ['A=b=c', 'B='],
        WorkingDir: '/w',
        User: 'me',
        StopSignal: 'SIGQUIT',
      },
      compress,
    );
    for (const archive of [
      await dockerArchive(image, 'app:v1'),
      await ociArchive(image, 'localhost/app:v2'),
    ]) {
      const [loaded] = await load(gzipSync(archive));
      const found = await images.find(loaded!.name);
      expect(found).toMatchObject({
        command: ['/app'],
        args: ['x'],
        env: { A: 'b=c', B: '' },
        workingDir: '/w',
        user: 'me',
        stopSignal: 'SIGQUIT',
        loaded: true,
      });
      expect(readFileSync(join(found.root!, 'etc/app'), 'utf8')).toBe('hello');
    }
    expect((await images.list()).map(({ name }) => name)).toEqual([
      'docker.io/library/app:v1',
      'localhost/app:v2',
    ]);
  });

  test('an image without a name takes the one that is given', async () => {
    const archive = await dockerArchive(imageOf([await layerOf([file])]));
    await expect(load(archive)).rejects.toThrow('the archive does not name its image');
    await load(archive, 'mine');
    await expect(rootOf('docker.io/library/mine:latest')).resolves.toContain('/roots/');
  });

  test('later layers add, replace and hide; links stay links', async () => {
    const first = await layerOf([
      { name: 'a/kept', content: '1' },
      { name: 'a/gone', content: '1' },
      { name: 'b/old', content: '1' },
      { name: 'usr/bin', type: 'directory' },
      { name: 'bin', type: 'symlink', linkname: '/usr/bin' },
      { name: 'run', type: 'directory' },
      { name: 'swap', content: 'file' },
    ]);
    const second = await layerOf([
      { name: 'a/.wh.gone', content: '' },
      { name: 'b/new', content: '2' },
      { name: 'b/.wh..wh..opq', content: '' },
      { name: 'bin/tool', content: 'tool', mode: 0o4755 },
      { name: 'twin', type: 'link', linkname: 'bin/tool' },
      { name: 'swap', type: 'directory' },
      { name: 'swap/in', content: '3' },
    ]);
    await load(await dockerArchive(imageOf([first, second]), 'app'));
    const root = await rootOf('app');
    expect(readdirSync(join(root, 'a'))).toEqual(['kept']);
    expect(readdirSync(join(root, 'b'))).toEqual(['new']);
    expect(readlinkSync(join(root, 'bin'))).toBe('/usr/bin');
    expect(statSync(join(root, 'usr/bin/tool')).mode & 0o7777).toBe(0o4755);
    expect(statSync(join(root, 'twin')).ino).toBe(statSync(join(root, 'usr/bin/tool')).ino);
    expect(readdirSync(join(root, 'swap'))).toEqual(['in']);
  });

  test('absolute paths begin at the root of the image', async () => {
    const layer = await layerOf([
      { name: '/', type: 'directory' },
      { name: '//etc/app', content: 'hello' },
      { name: 'etc/twin', type: 'link', linkname: '/etc/app' },
    ]);
    await load(await dockerArchive(imageOf([layer]), 'app'));
    const root = await rootOf('app');
    expect(readdirSync(root)).toEqual(['etc']);
    expect(readFileSync(join(root, 'etc/twin'), 'utf8')).toBe('hello');
  });

  const outside = () => join(folder, 'outside');
  const device = { devmajor: 8, devminor: 0 };
  test.each<[string, Entry[], string]>([
    ['a path that climbs', [{ name: 'a/../../x', content: '' }], 'a path with ".."'],
    ['a device', [{ name: 'etc/sda', type: 'block-device', ...device }], 'type block-device'],
    ['a pipe', [{ name: 'pipe', type: 'fifo' }], 'type fifo'],
    [
      'a link to a file that climbs',
      [{ name: 'l', type: 'link', linkname: '../../outside' }],
      'a path with ".."',
    ],
    ['a link to nothing', [{ name: 'l', type: 'link', linkname: 'etc/shadow' }], 'is no file before it'],
    [
      'a file below a file',
      [
        { name: 'f', content: '' },
        { name: 'f/g', content: '' },
      ],
      '/f is not a folder',
    ],
    [
      'a circle of links',
      [
        { name: 'l', type: 'symlink', linkname: 'l' },
        { name: 'l/x', content: '' },
      ],
      'too many levels',
    ],
    [
      'a root that is a link',
      [{ name: '/', type: 'symlink', linkname: '/tmp' }],
      'the root of an image is a folder',
    ],
    [
      'a root that is a file',
      [{ name: './', type: 'file', content: 'x' }],
      'the root of an image is a folder',
    ],
    ['a whiteout of the parent', [{ name: 'a/.wh...', content: '' }], 'an invalid whiteout'],
  ])('%s is refused by name, and nothing of the image stays', async (_, entries, message) => {
    await expect(load(await dockerArchive(imageOf([await layerOf(entries)]), 'app'))).rejects.toThrow(
      message,
    );
    expect(leftovers()).toEqual([]);
  });

  test('links that lead out of the root are followed inside it', async () => {
    const layer = await layerOf([
      { name: 'away', type: 'symlink', linkname: folder },
      { name: 'up', type: 'symlink', linkname: '../../../..' },
      { name: 'away/outside', content: 'inside' },
      { name: 'up/climbed', content: 'inside' },
    ]);
    await load(await dockerArchive(imageOf([layer]), 'app'));
    const root = await rootOf('app');
    expect(existsSync(outside())).toBe(false);
    expect(readFileSync(join(root, folder, 'outside'), 'utf8')).toBe('inside');
    expect(readFileSync(join(root, 'climbed'), 'utf8')).toBe('inside');
    expect(lstatSync(join(root, 'away')).isSymbolicLink()).toBe(true);
  });

  test('a folder that a link has taken the place of gives no mode to what the link leads to', async () => {
    mkdirSync(join(outside(), 'secret'), { recursive: true, mode: 0o700 });
    const layer = await layerOf([
      { name: 'a/', type: 'directory' },
      { name: 'a/secret/', type: 'directory', mode: 0o777 },
      { name: 'a', type: 'symlink', linkname: outside() },
    ]);
    await load(await dockerArchive(imageOf([layer]), 'app'));
    expect(statSync(join(outside(), 'secret')).mode & 0o777).toBe(0o700);
  });

  test('a layer that is not what the configuration says is refused', async () => {
    const image = imageOf([await layerOf([file])]);
    image.layers[0]!.stored = await layerOf([{ name: 'etc/app', content: 'other' }]);
    await expect(load(await dockerArchive(image, 'app'))).rejects.toThrow(
      /unpacks to sha256:.* its image says/,
    );
    expect(leftovers()).toEqual([]);
  });

  test('what is no archive of an image is told so', async () => {
    await expect(load(await layerOf([file]), 'app')).rejects.toThrow('neither an archive of docker save nor');
    await expect(load(Buffer.from('nothing of that kind'), 'app')).rejects.toThrow();
    expect(leftovers()).toEqual([]);
  });
});

describe('registries', () => {
  let registry: TestRegistry;
  afterEach(() => registry?.close());
  const image = async (text = 'v1') =>
    imageOf([await layerOf([{ name: 'version', content: text }])], { Cmd: ['/version'] }, (layer) =>
      gzipSync(layer),
    );
  const secret = (host: string, username: string, password: string) => {
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    const text = JSON.stringify({ auths: { [host]: { auth } } });
    return { '.dockerconfigjson': Buffer.from(text).toString('base64') };
  };

  test('an image is pulled by tag and by digest, and its layers once', async () => {
    registry = await startRegistry();
    const one = await image();
    registry.push('app:v1', one);
    const { image: found, bytes } = await images.pull(`${registry.host}/app:v1`, []);
    expect(found.id).toBe(`${registry.host}/app@${digestOf(one.manifest)}`);
    expect(bytes).toBe(one.config.length + one.layers[0]!.stored.length);
    expect(readFileSync(join(found.root!, 'version'), 'utf8')).toBe('v1');
    await images.pull(`${registry.host}/app@${digestOf(one.manifest)}`, []);
    expect(registry.asked.filter((path) => path.includes('/blobs/'))).toHaveLength(2);
    await expect(images.find(`${registry.host}/app@${digestOf(one.manifest)}`)).resolves.toMatchObject({
      id: found.id,
    });
  });

  test('of a list, the image for this machine is taken', async () => {
    registry = await startRegistry();
    const mine = process.arch === 'x64' ? 'amd64' : process.arch;
    registry.pushList('app:v1', [
      { image: await image('other'), architecture: 's390x' },
      { image: await image('mine'), architecture: mine },
    ]);
    const { image: found } = await images.pull(`${registry.host}/app:v1`, []);
    expect(readFileSync(join(found.root!, 'version'), 'utf8')).toBe('mine');
    registry.pushList('app:v2', [{ image: await image(), architecture: 's390x' }]);
    await expect(images.pull(`${registry.host}/app:v2`, [])).rejects.toThrow(
      'no match for platform in manifest',
    );
  });

  test.each(['basic', 'bearer'] as const)('credentials of Secrets are used (%s)', async (kind) => {
    registry = await startRegistry({ auth: { kind, username: 'u', password: 'p:w' } });
    registry.push('app:v1', await image());
    const name = `${registry.host}/app:v1`;
    await expect(images.pull(name, [])).rejects.toThrow(/authoriz/);
    await expect(images.pull(name, [secret(registry.host, 'u', 'wrong')])).rejects.toThrow(/authoriz/);
    await expect(images.pull(name, [secret('elsewhere.io', 'u', 'p:w')])).rejects.toThrow(/authoriz/);
    await expect(images.pull(name, [secret(registry.host, 'u', 'p:w')])).resolves.toMatchObject({});
  });

  test('a mirror is asked first, and the registry where it has nothing', async () => {
    registry = await startRegistry();
    registry.push('library/app:v1', await image());
    const mirrors = { 'docker.io': ['http://127.0.0.1:1', `http://${registry.host}`] };
    images = openImages({ folder: join(folder, 'images'), clock: systemClock, mirrors });
    await images.pull('app:v1', []);
    await expect(rootOf('docker.io/library/app:v1')).resolves.toContain('/roots/');
  });

  test('a mirror gets its own credentials and not those of the registry', async () => {
    registry = await startRegistry({ auth: { kind: 'basic', username: 'u', password: 'p' } });
    registry.push('app:v1', await image());
    const mirrors = { 'registry.invalid': [`http://${registry.host}`] };
    images = openImages({ folder: join(folder, 'images'), clock: systemClock, mirrors });
    await expect(
      images.pull('registry.invalid/app:v1', [secret('registry.invalid', 'u', 'p')]),
    ).rejects.toThrow(/authoriz/);
    await images.pull('registry.invalid/app:v1', [secret(registry.host, 'u', 'p')]);
  });

  test('an image that is not there, and a registry that is not there, are told in the words of a container runtime', async () => {
    registry = await startRegistry();
    const name = `${registry.host}/app:v1`;
    await expect(images.pull(name, [])).rejects.toThrow(
      `failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${name}: not found`,
    );
    const gone = await startRegistry();
    await gone.close();
    await expect(images.pull(`${gone.host}/app:v1`, [])).rejects.toThrow(
      `failed to do request: Get "http://${gone.host}/v2/app/manifests/v1": dial tcp ${gone.host}: connect: connection refused`,
    );
  });

  const liars: [string, (layer: Buffer) => (response: import('node:http').ServerResponse) => void, RegExp][] =
    [
      [
        'breaks off',
        (layer) => (r) => void r.writeHead(200).write(layer.subarray(0, 20), () => r.destroy()),
        /failed to copy/,
      ],
      [
        'is too short',
        (layer) => (r) => void r.writeHead(200).end(layer.subarray(0, 20)),
        /unexpected commit size/,
      ],
      [
        'is too long',
        (layer) => (r) => void r.writeHead(200).end(Buffer.concat([layer, layer])),
        /is longer than/,
      ],
      [
        'has other bytes',
        (layer) => (r) => void r.writeHead(200).end(Buffer.alloc(layer.length)),
        /unexpected commit digest/,
      ],
    ];
  test.each(liars)('of a layer that %s nothing is used', async (_, lie, message) => {
    registry = await startRegistry();
    const one = await image();
    registry.push('app:v1', one);
    const layer = one.layers[0]!.stored;
    registry.lie(digestOf(layer), lie(layer));
    await expect(images.pull(`${registry.host}/app:v1`, [])).rejects.toThrow(message);
    expect(leftovers()).toEqual([]);
  });

  test('what no name needs is pruned, but for roots that containers are made of', async () => {
    registry = await startRegistry();
    registry.push('app:v1', await image('one'));
    const { image: old } = await images.pull(`${registry.host}/app:v1`, []);
    registry.push('app:v1', await image('two'));
    const { image: fresh } = await images.pull(`${registry.host}/app:v1`, []);
    await images.prune(new Set([old.root!]));
    expect([old, fresh].map(({ root }) => existsSync(root!))).toEqual([true, true]);
    const loading = new PassThrough();
    const load = images.load(loading);
    await until('the archive is being read', () => filesIn('drafts').length > 0);
    expect(await images.prune()).toBeUndefined();
    loading.end();
    await expect(load).rejects.toThrow();
    expect(await images.prune()).toBe(0);
    expect([old, fresh].map(({ root }) => existsSync(root!))).toEqual([false, true]);
    await images.remove(`${registry.host}/app:v1`);
    expect(await images.prune()).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'images/blobs'))).toEqual([]);
  });
});
