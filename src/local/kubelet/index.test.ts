import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { text } from '../../shared/api/http/answer.ts';
import { fakeNode } from '../../shared/fake/fakeNode.ts';
import { openPki, type Pki } from '../pki/index.ts';
import { type KubeletOptions, type KubeletPorts, openKubeletPorts } from './index.ts';

let folder: string;
let pki: Pki;
const open: KubeletPorts[] = [];
const warnings: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-kubelet-'));
  pki = await openPki(folder, ['127.0.0.1'], Date.now());
});
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));
afterAll(() => rm(folder, { recursive: true }));

async function opened(options: Partial<KubeletOptions> = {}): Promise<KubeletPorts> {
  const ports = await openKubeletPorts({
    ...{ nodes: [fakeNode('one'), fakeNode('two')], wanted: undefined, bind: '127.0.0.1', folder },
    tls: { ca: pki.ca, ...pki.server },
    handle: (node) => async (request) => text(200, `${node} ${request.target}`),
    onError: (error) => void warnings.push(String(error)),
    warn: (line) => void warnings.push(line),
    ...options,
  });
  open.push(ports);
  return ports;
}

const ask = (port: number, host = '127.0.0.1') =>
  new Promise<string>((resolve, reject) => {
    const sent = get({ host, port, path: '/healthz', ca: pki.ca, agent: false }, (answer) => {
      answer.setEncoding('utf8').once('data', resolve);
    });
    sent.once('error', reject);
  });

async function taken() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, free: () => server.close() };
}

test('each Node has a port that answers for it, and keeps it over a restart', async () => {
  const ports = await opened();
  const [one, two] = [ports.portOf('one'), ports.portOf('two')];
  expect(await ask(one)).toBe('one /healthz');
  expect(await ask(two)).toBe('two /healthz');
  await ports.close();
  await expect(ask(one)).rejects.toThrow('ECONNREFUSED');
  const again = await opened();
  expect([again.portOf('one'), again.portOf('two')]).toEqual([one, two]);
});

test('a Node takes another port where its own is taken', async () => {
  const first = await opened();
  const second = await opened();
  expect(second.portOf('one')).not.toBe(first.portOf('one'));
  expect(await ask(second.portOf('one'))).toBe('one /healthz');
});

test('the port that was asked for is the one or none', async () => {
  const { port, free } = await taken();
  await expect(opened({ wanted: port })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is in use; choose another with --kubelet-port, or 0 for none`,
  );
  free();
  expect((await opened({ wanted: port })).portOf('one')).toBe(port);
});

test('a port that nobody asked for keeps nobody from starting', async () => {
  const nowhere = '192.0.2.1';
  const ports = await opened({ bind: nowhere });
  expect([ports.portOf('one'), ports.portOf('two')]).toEqual([0, 0]);
  expect(warnings.splice(0)).toEqual(
    ['one', 'two'].map((name) =>
      expect.stringMatching(new RegExp(`^kubelet {7}has no port for node ${name}: .*EADDRNOTAVAIL`)),
    ),
  );
  await expect(opened({ bind: nowhere, wanted: 10_250 })).rejects.toThrow('EADDRNOTAVAIL');
});

test('0 opens none', async () => {
  expect((await opened({ wanted: 0 })).portOf('one')).toBe(0);
});

test('it answers where Pods reach the Node, too; an address that is not there is told', async () => {
  const at = (address: string) => [{ ...fakeNode('one'), addresses: [{ type: 'InternalIP', address }] }];
  const ports = await opened({ nodes: at('127.0.0.2') });
  await expect(ask(ports.portOf('one'), '127.0.0.2')).rejects.toThrow('altnames');
  await opened({ nodes: at('192.0.2.1') });
  expect(warnings.splice(0)).toEqual([
    expect.stringMatching(/^kubelet {7}does not answer at 192\.0\.2\.1: .*EADDRNOTAVAIL/),
  ]);
});
