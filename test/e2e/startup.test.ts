import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isFree } from '../../tools/freePort.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('startup');
});
afterAll(() => plane.close());

const authorityIn = (text: string) => /certificate-authority-data: (\S+)/.exec(text)![1];
const inData = (name: string) => join(plane.dataDir, name);
const startsAndStops = async (...flags: string[]) => {
  await plane.start(...flags);
  expect(await plane.stop()).toBe(0);
};

test('each step has its line, and an empty folder is served within seconds', async () => {
  await plane.start();
  await until('what to do next is said', () => plane.output.length === 9);
  const heads = plane.output.map((line) => line.split(' ')[0]);
  expect(heads).toEqual(['data', 'certificates', 'pods', 'kubeconfig', 'images', 'ready', '', '', '']);
  expect(await plane.shallop('status')).toMatch(/running +pid \d+, https:.*\nready +yes\n/);
  expect(await plane.stop()).toBe(0);
});

test('C3: another current context stays, and the lines say so', async () => {
  await startsAndStops('--runtime', 'fake');
  const before = readFileSync(plane.kubeconfig, 'utf8');
  writeFileSync(
    plane.kubeconfig,
    before
      .replace('current-context: shallop', 'current-context: work')
      .replace('contexts:', 'contexts:\n  - name: work\n    context: { cluster: shallop, user: shallop }'),
  );
  await plane.start('--runtime', 'fake');
  await until('what to do next is said', () => plane.output.some((line) => line.includes('get events')));
  const said = plane.output.join('\n');
  expect(said).toContain('the current context is still work; kubectl config use-context shallop changes it');
  expect(said).toContain('kubectl --context shallop get pods --watch');
  expect(readFileSync(plane.kubeconfig, 'utf8')).toContain('current-context: work');
  await plane.stop();
  writeFileSync(plane.kubeconfig, before);
});

test.each([
  [
    'a kubeconfig that is none',
    () => writeFileSync(plane.kubeconfig, '{{{'),
    [],
    /is not a kubeconfig .*nothing was changed/s,
  ],
  ['a flag that is unknown', () => {}, ['--nonsense'], /Unknown option '--nonsense'/],
  ['a port that is none', () => {}, ['--port', '70000'], /--port must be a port number, not 70000/],
  [
    'an address of another machine',
    () => {},
    ['--bind', '203.0.113.7', '--allow-remote-processes'],
    /203.0.113.7 is no address/,
  ],
  [
    'a name that is no address',
    () => {},
    ['--bind', 'no.such.invalid', '--allow-remote-processes'],
    /no.such.invalid is no address|EAI_AGAIN/,
  ],
  [
    'a runtime that is unknown',
    () => {},
    ['--runtime', 'docker'],
    /--runtime must be one of auto, native, engine, process, fake, not docker/,
  ],
  ['a file of rules that is not there', () => {}, ['--event-rules', '/nonexistent'], /--event-rules: ENOENT/],
])(
  '%s is refused with a reason, and the next start is as if nothing had been',
  async (_, spoil, flags, reason) => {
    const before = readFileSync(plane.kubeconfig, 'utf8');
    spoil();
    await expect(plane.start(...flags)).rejects.toThrow(reason);
    writeFileSync(plane.kubeconfig, before);
    await startsAndStops();
    expect(authorityIn(readFileSync(plane.kubeconfig, 'utf8'))).toBe(authorityIn(before));
  },
);

test('a start that fails once it listens, as with a full disk, ends', async () => {
  rmSync(inData('port'));
  mkdirSync(inData('port'));
  await expect(plane.start('--port', '0')).rejects.toThrow('EISDIR');
  rmSync(inData('port'), { recursive: true });
  await startsAndStops();
});

test('a port that is taken: refused where it was asked for, another one otherwise', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(plane.start('--port', `${port}`)).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
  writeFileSync(inData('port'), `${port}\n`);
  await startsAndStops();
  expect(plane.output.join('\n')).not.toContain(`:${port} `);
  other.close();
});

test('a folder that has no port yet is served on 6443, or on another where that is taken', async () => {
  const served = async () => {
    rmSync(inData('port'));
    await startsAndStops();
    return readFileSync(inData('port'), 'utf8');
  };
  // Somebody's own control plane may have it: it is left alone, and taken all the same.
  const wasFree = await isFree(6443);
  const port = await served();
  if (wasFree && (await isFree(6443))) expect(port).toBe('6443\n');
  const other = createServer().listen(6443, '127.0.0.1');
  // By us or by somebody else: it is taken.
  await Promise.race([once(other, 'listening'), once(other, 'error')]).catch(() => {});
  expect(await served()).not.toBe('6443\n');
  other.close();
});

test.each(['', '{', 'null', '{}', '{"pid":1,"startTime":"x"}'])(
  'what a lost power supply left in instance.json (%j) keeps nobody out',
  async (text) => {
    writeFileSync(inData('instance.json'), text);
    await expect(plane.shallop('status')).rejects.toThrow('nothing runs on');
    await startsAndStops();
  },
);

test('damage is named, and nothing is overwritten', async () => {
  for (const [name, reason] of [
    ['format', 'does not say a format version'],
    ['pki.json', 'delete it to have new certificates made'],
    ['storage/data.mdb', 'not an LMDB file'],
  ] as const) {
    const whole = readFileSync(inData(name));
    writeFileSync(inData(name), 'damaged '.repeat(2000));
    await expect(plane.start()).rejects.toThrow(reason);
    expect(readFileSync(inData(name), 'utf8').startsWith('damaged damaged')).toBe(true);
    writeFileSync(inData(name), whole);
  }
  await startsAndStops();
});

test('a folder of something else is not deleted', async () => {
  const folder = join(plane.folder, 'mine');
  mkdirSync(folder);
  writeFileSync(join(folder, 'diary.txt'), 'dear');
  await expect(plane.shallop('reset', '--yes', '--data-dir', folder)).rejects.toThrow(
    'is no data folder of shallop',
  );
  expect(readFileSync(join(folder, 'diary.txt'), 'utf8')).toBe('dear');
});

test('of three that start at once one wins, and the others say who', async () => {
  const rivals = await Promise.all([1, 2, 3].map(() => openPlane('rival')));
  for (const rival of rivals) rival.dataDir = plane.dataDir;
  const outcomes = await Promise.all(
    rivals.map((rival) => rival.start('--data-dir', plane.dataDir).then(() => 'ready', String)),
  );
  expect(outcomes.filter((outcome) => outcome === 'ready')).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome !== 'ready') expect(outcome).toContain('is in use by another control plane');
  for (const rival of rivals) await rival.close();
});

test('a signal at any moment of the start ends it, and the next start is well', async () => {
  for (const ms of [50, 120, 160, 200, 250, 300, 400]) {
    const signal = ms % 100 ? 'SIGTERM' : 'SIGINT';
    const started = plane.start().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, ms));
    const child = plane.child!;
    child.kill(signal);
    await until(`${signal} after ${ms} ms ended it`, () => child.exitCode !== null || child.signalCode);
    await started;
    expect([0, null]).toContain(child.exitCode);
  }
  await startsAndStops();
});
