import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { resolveIn, type View } from './containerPath.ts';
import { bindAll, fstab, makingPoints } from './mountTable.ts';

let folder: string;
let view: View;
const image = (...names: string[]) => join(folder, 'image', ...names);
const volume = (...names: string[]) => join(folder, 'volume', ...names);
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'shallop-paths-')));
  for (const each of ['image/etc', 'image/run', 'image/var', 'volume/sub'])
    mkdirSync(join(folder, each), { recursive: true });
  writeFileSync(image('etc/passwd'), 'image');
  writeFileSync(volume('app.conf'), 'volume');
  symlinkSync('/run', image('var/run'));
  symlinkSync('../../../../../../etc', image('up'));
  symlinkSync(volume(), image('away'));
  symlinkSync('loop', image('loop'));
  symlinkSync('/etc', volume('etc'));
  view = { root: image(), mounts: [{ target: '/data', source: volume() }] };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['/etc/passwd', '/etc/passwd', 'image/etc/passwd'],
  ['/', '/', 'image'],
  ['/../../etc/passwd', '/etc/passwd', 'image/etc/passwd'],
  ['/var/run/secrets', '/run/secrets', 'image/run/secrets'],
  ['/up/passwd', '/etc/passwd', 'image/etc/passwd'],
  ['/data/app.conf', '/data/app.conf', 'volume/app.conf'],
  ['/data/../etc', '/etc', 'image/etc'],
  ['/data/etc/passwd', '/etc/passwd', 'image/etc/passwd'],
  ['/data/new/one', '/data/new/one', 'volume/new/one'],
  ['/database', '/database', 'image/database'],
])('%s of a container is %s, which stands at %s', (path, inside, host) => {
  expect(resolveIn(view, path)).toMatchObject({ path: inside, host: join(folder, host) });
});

test('a link to a place of this machine leads to the same place in the container', () => {
  expect(resolveIn(view, '/away/app.conf')).toMatchObject({
    host: image(volume(), 'app.conf'),
    stat: undefined,
  });
});

test('a circle of links is an error', () => {
  expect(() => resolveIn(view, '/loop/x')).toThrow('too many levels of symbolic links');
});

const mount = (source: string, target: string, readOnly = false) => ({ source, target, readOnly });

test('A1: a file mounted over a file of a volume leaves that alone', () => {
  const config = join(folder, 'config');
  writeFileSync(config, 'config');
  view.mounts = [];
  const table = bindAll(view, [
    mount(config, '/data/app.conf', true),
    mount(volume(), '/data'),
    mount(config, '/data/deep/new'),
  ]);
  expect(table.lines.map(({ target }) => target)).toEqual(['/data', '/data/app.conf', '/data/deep/new']);
  expect(table).toMatchObject({ folders: ['/data'], files: [] });
  expect(resolveIn(view, '/data/app.conf').host).toBe(config);
  expect(resolveIn({ root: volume(), mounts: [] }, '/deep/new').stat?.size).toBe(0);
});

test('mount points are made where links lead, and never outside', () => {
  const { lines, folders } = bindAll(view, [
    mount(volume('sub'), '/var/run/secrets/token'),
    mount(volume('sub'), '/up/new'),
  ]);
  expect(lines.map(({ target }) => target)).toEqual(['/etc/new', '/run/secrets/token']);
  expect(folders).toEqual(['/etc/new', '/run/secrets/token']);
});

test('a folder does not go over a file, nor anything over the root', () => {
  expect(() => bindAll(view, [mount(volume('sub'), '/etc/passwd')])).toThrow(
    'Are you trying to mount a directory onto a file',
  );
  expect(() => bindAll(view, [mount(volume('sub'), '/')])).toThrow("is the container's root");
});

test('paths of the mount table are escaped', () => {
  const line = { source: '/a b\\c', target: '/t\n#', type: 'none', options: 'bind' };
  expect(fstab([line], '/r')).toBe('/a\\040b\\134c /r/t\\012\\043 none bind 0 0\n');
});

test('folders that the image lacks are made by the mount itself', () => {
  const lines = ['/there', '/data'].map((target) => ({
    source: '/a',
    target,
    type: 'none',
    options: 'rbind',
  }));
  expect(makingPoints(lines, ['/data']).map(({ options }) => options)).toEqual([
    'rbind',
    'rbind,X-mount.mkdir',
  ]);
});
