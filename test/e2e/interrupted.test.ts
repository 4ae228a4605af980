import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { isInstalled, isWindows, needs, notLinux } from '../support/needs.ts';
import { shallopCommand } from '../support/plane.ts';
import { until } from '../support/until.ts';

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-interrupted-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const shallop = (...words: string[]) => {
  child = spawn(process.execPath, [shallopCommand, ...words], { env: { ...process.env, TMPDIR: folder } });
  return { child, end: once(child, 'exit') };
};

const { test: onUnix } = needs(isWindows);

onUnix('Ctrl-C ends a command that waits for an archive on its standard input', async () => {
  const run = shallop('image', 'load', '-', '--data-dir', folder);
  await until('it has begun', () => existsSync(join(folder, 'images/drafts')));
  run.child.kill('SIGINT');
  expect(await run.end).toEqual([null, 'SIGINT']);
});

onUnix('and one that waits for a manifest there', async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ kind: 'APIGroupList', apiVersion: 'v1', groups: [], versions: [] }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = join(folder, 'kubeconfig');
  const named = { clusters: [{ name: 'c', cluster: { server: url } }], users: [{ name: 'u', user: {} }] };
  const contexts = [{ name: 'x', context: { cluster: 'c', user: 'u' } }];
  writeFileSync(kubeconfig, JSON.stringify({ ...named, contexts, 'current-context': 'x' }));
  const run = shallop('delete', '-f', '-', '--kubeconfig', kubeconfig);
  try {
    await once(run.child.stderr!, 'data'); // that it is no shallop: from then on it reads
    expect(asked).toBeGreaterThan(0);
    run.child.kill('SIGINT');
    expect(await run.end).toEqual([130, null]);
  } finally {
    server.close();
  }
});

const { test: onTerminal } = needs(notLinux || (!isInstalled('script') && 'there is no script'));

onTerminal('a signal ends a command that asks whether it may', async () => {
  const data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'format'), '1\n');
  const pid = join(folder, 'pid');
  const command = `echo $$ >${pid}; exec ${process.execPath} ${shallopCommand} reset --data-dir ${data}`;
  child = spawn('script', ['-qec', command, '/dev/null'], { stdio: 'pipe' });
  let shown = '';
  child.stdout!.on('data', (text) => {
    shown += text;
  });
  const end = once(child, 'exit');
  await until('it asks', () => shown.includes('[y/N]'));
  process.kill(Number(readFileSync(pid, 'utf8')), 'SIGTERM');
  await end;
  expect(existsSync(join(data, 'format'))).toBe(true);
});

onUnix('Ctrl-C while dev starts leaves nothing', async () => {
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'Procfile'), 'web: sleep 1000\n');
  const run = shallop('dev', project, '--runtime', 'process', '--pod-network', 'loopback');
  const own = () => readdirSync(folder).filter((name) => name.startsWith('shallop-dev-'));
  await until('it has begun', () => own().length > 0);
  run.child.kill('SIGINT');
  expect(await run.end).toEqual([0, null]);
  expect(own()).toEqual([]);
});
