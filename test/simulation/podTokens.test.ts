import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AwsCore } from '../../src/aws/core.ts';
import { firstTokens, laterTokens, type TokenFile } from '../../src/aws/drivers/pods/tokenScript.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { bootstrap } from '../../src/shared/controllers/logicalcluster/bootstrap.ts';
import { podMetrics, pods, serviceAccounts } from '../../src/shared/controllers/resources.ts';
import type { Pod } from '../../src/shared/kinds/schema/types.ts';
import { bootAudience } from '../../src/shared/ports/accountTokens.ts';
import { type ApiOverTls, serveOverTls, shell } from '../support/aws/apiOverTls.ts';
import { taskMetadata } from '../support/aws/fakeTaskMetadata.ts';
import { scriptAt } from '../support/aws/projector.ts';
import { simulatedCore } from '../support/aws/simulatedCore.ts';
import { needs, noCurl, noWget } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** The scripts of the containers that ask for tokens, run by this machine's shell against an API over TLS. */
let core: AwsCore;
let api: ApiOverTls;
let folder: string;
let root: string;
let pod: Pod;
let running: ChildProcess[];
/** Whether the API answers, and who is told of each request. */
let isUp: boolean;
let onAsked: () => void;

beforeEach(async () => {
  isUp = true;
  onAsked = () => {};
  running = [];
  const config = { deployment: 'test', table: 'shallop', podMetrics: 60 };
  core = simulatedCore(systemClock, { config }).core;
  const client = core.clients('default');
  await bootstrap(client, { env: core.environment, clock: systemClock }, true);
  const metadata = { namespace: 'default', name: 'app' };
  await client.create(serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  const sources = [
    { serviceAccountToken: { path: 'token', audience: 'https://vault', expirationSeconds: 600 } },
  ];
  pod = await client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name: 'web' },
    spec: {
      serviceAccountName: 'app',
      containers: [{ name: 'c', image: 'i' }],
      volumes: [{ name: 'v', projected: { sources } }],
    },
  });
  api = await serveOverTls((request) => {
    onAsked();
    return isUp ? core.handle(request) : Promise.reject(new Error('down'));
  });
  folder = mkdtempSync(join(tmpdir(), 'shallop-pod-tokens-'));
  root = join(folder, 'volumes');
  mkdirSync(root);
  mkdirSync(`${root}-tokens`);
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await api.close().catch(() => {});
  await core.storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const files: TokenFile[] = [
  { path: '/shallop/v0/token', mode: 0o640, audience: '', expirationSeconds: 3607 },
  { path: '/shallop/v1/deep/token', mode: 0o600, audience: 'https://vault', expirationSeconds: 600 },
];
const url = 'https://api.example/api/v1/namespaces/default/serviceaccounts/app/token';

/** A folder with these programs of the machine, and scripts in place of others. */
function programs(names: string[], scripts: Record<string, string> = {}): string {
  const path = mkdtempSync(join(folder, 'bin-'));
  const all = ['sh', 'cat', 'tr', 'sed', 'mkdir', 'dirname', 'chmod', 'chgrp', 'mv', 'date', 'od', 'grep'];
  for (const name of [...all, ...names])
    scripts[name] ??= `exec ${process.env
      .PATH!.split(':')
      .map((at) => join(at, name))
      .find(existsSync)} "$@"`;
  // Waiting is not what is tested.
  scripts.sleep ??= 'exec /bin/sleep 0.05';
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return path;
}

async function environment(path: string, trusting = api.trusting): Promise<Record<string, string>> {
  const account = (await core.clients('default').get(serviceAccounts, 'default', 'app'))!;
  const asked = { audience: bootAudience, expirationSeconds: 3600 };
  const { name, uid } = pod.metadata;
  return {
    PATH: path,
    ...trusting,
    SHALLOP_BOOT_TOKEN: await core.environment.issueToken('default', account, asked),
    SHALLOP_BOUND_TO: JSON.stringify({ apiVersion: 'v1', kind: 'Pod', name, uid }),
  };
}

const first = async (path: string, trusting?: Record<string, string>) =>
  shell(scriptAt(root, firstTokens(url, files), api), await environment(path, trusting));

const later = async (path: string): Promise<ChildProcess> => {
  const child = spawn('sh', ['-c', scriptAt(root, laterTokens(url, files), api)], {
    env: { PATH: path, ...api.trusting },
    stdio: 'ignore',
  });
  running.push(child);
  return child;
};

const [token, vaultToken] = ['v0/token', 'v1/deep/token'] as const;
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const claimsOf = (file: string) =>
  JSON.parse(Buffer.from(read(file).split('.')[1] ?? '', 'base64url').toString());
const modeOf = (path: string) => statSync(path).mode & 0o777;
const due = (number: number) => Number(readFileSync(`${root}-tokens/due-${number}`, 'utf8'));
const setDue = (number: number, at: number) => writeFileSync(`${root}-tokens/due-${number}`, `${at}\n`);

/** With curl, with GNU's wget, and with one that leaves TLS to another program, as Alpine's does. */
const ways = [
  { way: 'curl', obstacle: noCurl, made: () => programs(['curl']) },
  { way: 'wget', obstacle: noWget, made: () => programs(['wget']) },
  {
    way: 'wget as of Alpine',
    obstacle: noWget,
    made: () => {
      const wget = readFileSync(join(programs(['wget']), 'wget'), 'utf8');
      return programs([], {
        wget: `[ "$1" != --version ] || exit 1\n${wget}`,
        ssl_client: 'exit 1',
        busybox: 'echo sh',
      });
    },
  },
];

for (const { way, obstacle, made } of ways)
  needs(obstacle).test(
    `D11: by ${way} each file has its token, bound to the Pod, before the Pod starts`,
    async () => {
      expect(await first(made())).toEqual({ code: 0, output: '' });
      const bound = { name: 'web', uid: pod.metadata.uid };
      const [own, other] = [claimsOf(token), claimsOf(vaultToken)];
      expect([own['kubernetes.io'].pod, other['kubernetes.io'].pod]).toEqual([bound, bound]);
      expect([own.exp - own.iat, other.exp - other.iat]).toEqual([3607, 600]);
      expect(other.aud).toEqual(['https://vault']);
      expect([token, vaultToken].map((file) => modeOf(join(root, file)))).toEqual([0o640, 0o600]);
      expect(readdirSync(join(root, 'v0'))).toEqual(['token']);
      // What was injected is not kept: what is, is bound to the Pod.
      const kept = readFileSync(`${root}-tokens/boot`, 'utf8');
      expect(JSON.parse(Buffer.from(kept.split('.')[1]!, 'base64url').toString())).toMatchObject({
        aud: [bootAudience],
        'kubernetes.io': { pod: bound },
      });
      expect(modeOf(`${root}-tokens/boot`)).toBe(0o600);
      const now = Date.now() / 1000;
      expect(due(1)).toBeGreaterThan(now + 2885 - 60);
      expect(due(1)).toBeLessThanOrEqual(now + 2885);
    },
  );

for (const { way, obstacle, made } of ways)
  needs(obstacle).test(
    `D11: by ${way} nobody gets the boot token whose certificate is not known`,
    async () => {
      let asked = 0;
      onAsked = () => asked++;
      const { code, output } = await first(made(), {});
      expect([code, asked, existsSync(join(root, token))]).toEqual([1, 0, false]);
      // GNU's wget is quiet about it.
      if (way === 'curl') expect(output).toMatch(/certificate/);
    },
  );

test('D11: busybox, which checks no certificate, is not asked', async () => {
  const path = programs([], {
    wget: 'echo asked; exit 1',
    ssl_client: 'exit 1',
    busybox: 'echo sh; echo ssl_client',
  });
  expect(await first(path)).toEqual({
    code: 1,
    output: 'This image cannot ask for tokens: it has neither curl nor a wget that checks certificates\n',
  });
});

const { test: withCurl } = needs(noCurl);

withCurl('D11: a token is replaced in one step when it is due, until TERM', async () => {
  const path = programs(['curl']);
  await first(path);
  const before = [token, vaultToken].map((file) => ({
    text: read(file),
    ino: statSync(join(root, file)).ino,
  }));
  setDue(2, 0);
  const child = await later(path);
  await until('the token is another one', () => read(vaultToken) !== before[1]!.text);
  await until('it is due later', () => due(2) > Date.now() / 1000 + 400);
  expect(claimsOf(vaultToken)['kubernetes.io'].pod.name).toBe('web');
  expect(statSync(join(root, vaultToken)).ino).not.toBe(before[1]!.ino);
  expect(modeOf(join(root, vaultToken))).toBe(0o600);
  expect({ text: read(token), ino: statSync(join(root, token)).ino }).toEqual(before[0]);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

withCurl(
  'D11: while the API does not answer a file stays as it is, and the first answer replaces it',
  async () => {
    const path = programs(['curl']);
    await first(path);
    const before = read(token);
    let asked = 0;
    isUp = false;
    onAsked = () => asked++;
    setDue(1, 0);
    await later(path);
    await until('it was asked for several times', () => asked > 3);
    expect(read(token)).toBe(before);
    isUp = true;
    await until('there is another one', () => read(token) !== before);
  },
);

withCurl(
  'D11: a Pod that is gone gets no token, and its start fails instead of going on without',
  async () => {
    const path = programs(['curl']);
    await core.clients('default').delete(pods, 'default', 'web');
    const { code, output } = await first(path);
    expect([code, existsSync(join(root, token))]).toEqual([1, false]);
    expect(output).toMatch(
      /404(.|\n)*There is no new token for the audiences \["https:..shallop.dev.boot"\] yet/,
    );
  },
);

describe('what a Pod uses', () => {
  const usage = { url: 'https://api.example/podusage', seconds: 60 };
  const task = { startedAt: 0, seconds: 20, cpuSeconds: 2, isUp: true, asked: 0 };
  const metadata = createServer((request, answer) => {
    const { startedAt, seconds, cpuSeconds } = task;
    const used = {
      at: startedAt + seconds * 1000,
      cpuNanoseconds: cpuSeconds * 1e9,
      memoryBytes: 64 * 2 ** 20,
    };
    const both = taskMetadata(['c', 'shallop-tokens'].map((name) => ({ name, startedAt, used })));
    const found = { '/v4/id/task': both.task, '/v4/id/task/stats': both.stats }[request.url ?? ''];
    if (request.url?.endsWith('/stats')) task.asked++;
    answer.writeHead(task.isUp && found ? 200 : 500).end(JSON.stringify(found));
  });
  let said: string;

  beforeEach(async () => {
    said = '';
    Object.assign(task, { startedAt: Date.now() - 20_000, seconds: 20, cpuSeconds: 2, isUp: true, asked: 0 });
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
    const client = core.clients('default');
    await client.updateStatus(pods, { ...pod, status: { phase: 'Running' } });
  });
  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL');
    metadata.closeAllConnections();
    await new Promise((resolve) => metadata.close(resolve));
  });

  /** The container that tells it, on a clock that stands where the file says. */
  async function telling(path: string): Promise<(seconds: number) => void> {
    const time = join(folder, 'time');
    const set = (seconds: number) => writeFileSync(time, String(Math.floor(Date.now() / 1000) + seconds));
    writeFileSync(join(path, 'date'), `#!/bin/sh\nread now < ${time}\necho $now\n`);
    set(0);
    expect(await first(path)).toEqual({ code: 0, output: '' });
    const { port } = metadata.address() as AddressInfo;
    const child = spawn('sh', ['-c', scriptAt(root, laterTokens(url, files, usage), api)], {
      env: {
        PATH: path,
        ...api.trusting,
        ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${port}/v4/id`,
      },
    });
    child.stderr.on('data', (text) => {
      said += text;
    });
    running.push(child);
    return set;
  }
  const measured = async () => (await core.clients('default').list(podMetrics, { namespace: 'default' }))[0];
  const amounts = async () => (await measured())?.containers.map(({ usage: { cpu } }) => cpu);

  for (const { way, obstacle, made } of ways)
    needs(obstacle).test(`is told by ${way}, and is what metrics.k8s.io says`, async () => {
      await telling(made());
      await until('it is measured', async () => (await measured()) !== undefined);
      expect(await measured()).toMatchObject({
        window: '20s',
        containers: [{ name: 'c', usage: { cpu: '100m', memory: '64Mi' } }],
      });
      expect(said).toBe('');
    });

  needs(noCurl).test('is told once a minute, of that minute', async () => {
    const set = await telling(programs(['curl']));
    await until('it is measured', async () => (await measured()) !== undefined);
    Object.assign(task, { seconds: 70, cpuSeconds: 27 });
    // A turn has passed, and another one.
    setDue(2, 0);
    await until('a token is another one', () => due(2) > 0);
    setDue(2, 0);
    await until('it is another one again', () => due(2) > 0);
    expect(task.asked).toBe(1);
    set(60);
    await until('it was told again', async () => (await amounts())?.[0] === '500m');
    expect(task.asked).toBe(2);
  });

  needs(noCurl).test('is not told while nobody knows it, and tokens are renewed all the same', async () => {
    task.isUp = false;
    await telling(programs(['curl']));
    await until('it says so', () => said.includes('Nobody knows what this Pod uses: it could not be told'));
    expect(await measured()).toBeUndefined();
    setDue(2, 0);
    await until('a token is another one', () => due(2) > 0);
  });
});
