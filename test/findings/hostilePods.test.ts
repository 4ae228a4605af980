import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { freePort } from '../../tools/freePort.ts';
import { filesThatTell } from '../support/filesThatTell.ts';
import { needs, notLinux } from '../support/needs.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';
import { type Ask, askOf } from './ask.ts';

/** What one Pod did to everybody else, by Pods that are processes. */

const core = '/api/v1/namespaces/default';
const { test } = needs(notLinux);

let plane: Plane;
let ask: Ask;
beforeEach(async () => {
  plane = await openPlane('pods', { sh: 'exit 9' });
  await plane.start('--runtime', 'process');
  ask = askOf(plane);
});
afterEach(() => plane.close());

const create = (resource: string, name: string, more: object) =>
  ask(`POST ${core}/${resource}`, { body: { metadata: { name }, ...more } });
const run = (name: string, script: string, container: object = {}, spec: object = {}) =>
  create('pods', name, {
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'sh', command: ['sh', '-c', script], ...container }],
      ...spec,
    },
  });
/** Waits for a phase by asking all the time, as somebody would whom the Pod has nothing to do with. */
const reaches = (name: string, phase: string) =>
  until(
    `${name} is ${phase}`,
    async () => (await ask(`GET ${core}/pods/${name}`)).json.status?.phase === phase,
  );

test('A2: a pipe as last words of a Pod stops neither the API nor its next start', async () => {
  await run('pipe', 'f="$SHALLOP_ROOT/dev/termination-log"; rm -f "$f"; mkfifo "$f"; exit 3');
  await reaches('pipe', 'Failed');
  await plane.kill();
  await plane.start('--runtime', 'process');
  expect((await ask('GET /readyz')).status).toBe(200);
});

test('A3: somebody else is answered while a Pod prints as fast as it can', async () => {
  await run('flood', 'timeout 2 yes; exit 0');
  await reaches('flood', 'Succeeded');
});

test('A5: a Pod of 30,000 containers is refused as too large, and holds nobody up', async () => {
  const containers = Array.from({ length: 30_000 }, (_, i) => ({ name: `c${i}`, image: 'sh' }));
  expect((await create('pods', 'large', { spec: { containers } })).status).toBe(500);
  expect((await ask('GET /readyz')).status).toBe(200);
});

test('A10: a stray without the environment of its Pod goes with the data folder', async () => {
  const mark = `6543${process.pid}`;
  await run('stray', `(env -i setsid sleep ${mark} </dev/null >/dev/null 2>&1 &); sleep 1000`);
  await until('the stray runs', () => running(`sleep\0${mark}`).length);
  await plane.stop();
  await plane.shallop('reset', '--yes');
  expect(running(`sleep\0${mark}`)).toEqual([]);
});

test('A10: a Secret that a Pod uses is in no file of the data folder, whose folders are closed', async () => {
  const word = 'correct-horse-battery-staple';
  await create('secrets', 'sealed', { stringData: { word } });
  await create('persistentvolumeclaims', 'data', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  });
  const container = {
    env: [{ name: 'WORD', valueFrom: { secretKeyRef: { name: 'sealed', key: 'word' } } }],
    volumeMounts: [
      { name: 'secret', mountPath: '/secret' },
      { name: 'data', mountPath: '/data' },
    ],
  };
  const volumes = [
    { name: 'secret', secret: { secretName: 'sealed' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
  ];
  const script = 'test "$(cat "$SHALLOP_ROOT/secret/word")" = "$WORD" && sleep 1000';
  await run('reader', script, container, { volumes });
  await reaches('reader', 'Running');
  const tell = filesThatTell(plane.dataDir, word);
  const open = readdirSync(plane.dataDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && statSync(join(plane.dataDir, entry.name)).mode & 0o077)
    .map(({ name }) => name);
  expect({ tell, open }).toEqual({ tell: [], open: [] });
});

test('B16: a host port leads to the Pod', async () => {
  const hostPort = await freePort();
  const listens = `require('net').createServer((s) => s.end('here')).listen(8080, process.env.HOST)`;
  await run('door', '', {
    command: [process.execPath, '-e', listens],
    ports: [{ containerPort: 8080, hostPort }],
  });
  await until('the port answers', async () => (await said(hostPort)) === 'here');
});

/** Processes whose command line holds a text. */
const running = (text: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });

/** What a port says to whoever connects. */
const said = (port: number): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    connect(port, '127.0.0.1')
      .on('data', (data) => {
        text += data;
      })
      .once('error', () => resolve(''))
      .once('close', () => resolve(text));
  });
