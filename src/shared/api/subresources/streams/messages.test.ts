import { once } from 'node:events';
import { type Duplex, duplexPair, PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { PodProcess } from '../../../ports/cloud.ts';
import type { ApiRequest, ApiResponse } from '../../http/message.ts';
import { testServer } from '../../testing/testingServer.ts';

const namespace = '/api/v1/namespaces/default';
const upgrade = { upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };

/** The frames of a server on a connection, as they come: opcode and payload. */
async function* framesOn(client: Duplex): AsyncGenerator<[opcode: number, data: Buffer]> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of client) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    for (;;) {
      const short = bytes[1] ?? 127;
      const head = short < 126 ? 2 : 4;
      if (bytes.length < head) break;
      const length = short < 126 ? short : bytes.readUInt16BE(2);
      if (bytes.length < head + length) break;
      yield [bytes[0]! & 15, bytes.subarray(head, head + length)];
      bytes = bytes.subarray(head + length);
    }
  }
}

const [text, binary, close] = [1, 2, 8];

function masked(opcode: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | data.length, 0, 0, 0, 0]), data]);
}

/** Asks for a WebSocket and takes the connection. */
async function open(
  handle: (request: ApiRequest) => Promise<ApiResponse>,
  path: string,
  headers: Record<string, string> = {},
) {
  const all: Record<string, string> = { ...upgrade, ...headers };
  const answer = await handle({
    method: 'GET',
    target: path,
    header: (name) => all[name],
    headersBeginning: () => [],
    body: async () => new Uint8Array(),
    peer: { address: '127.0.0.1', certificate: { commonName: 'admin', organizations: ['system:masters'] } },
    signal: new AbortController().signal,
  });
  const [client, server] = duplexPair();
  expect(answer.status).toBe(101);
  answer.upgrade!(server);
  const frames = framesOn(client);
  const next = async () => (await frames.next()).value as [number, Buffer];
  return { answer, client, next };
}

const token = `base64url.bearer.authorization.k8s.io.${Buffer.from('t').toString('base64url')}`;
test.each([
  ['', undefined],
  ['binary.k8s.io', 'binary.k8s.io'],
  ['base64.binary.k8s.io', 'base64.binary.k8s.io'],
  [`base64.binary.k8s.io, ${token}`, 'base64.binary.k8s.io'],
  ['any', 'any'],
])('B3: a watch over a WebSocket is a message of JSON an event (%j)', async (offered, agreed) => {
  const { handle, send } = await testServer();
  const { answer, client, next } = await open(
    handle,
    `${namespace}/configmaps?watch=true`,
    offered ? { 'sec-websocket-protocol': offered } : {},
  );
  expect(answer.headers['Sec-WebSocket-Protocol']).toBe(agreed);
  const created = await send(`POST ${namespace}/configmaps`, { body: { metadata: { name: 'a' } } });
  await send(`DELETE ${namespace}/configmaps/a`);
  for (const type of ['ADDED', 'DELETED']) {
    const [got, data] = await next();
    expect(got).toBe(text);
    expect(JSON.parse(data.toString())).toMatchObject({ type, object: { metadata: { name: 'a' } } });
  }
  expect(created.status).toBe(201);
  client.write(masked(close, Buffer.from([3, 232])));
  expect((await next())[0]).toBe(close);
});

test('a watch over a WebSocket of several protocols is a bad request, as of a real server', async () => {
  const { send } = await testServer();
  const headers = { ...upgrade, 'sec-websocket-protocol': 'base64.binary.k8s.io, binary.k8s.io' };
  expect(await send(`GET ${namespace}/configmaps?watch=true`, { headers })).toMatchObject({ status: 400 });
});

test('B3: a watch in protobuf is binary', async () => {
  const { handle, send } = await testServer();
  const accept = 'application/vnd.kubernetes.protobuf;stream=watch';
  const { next } = await open(handle, `${namespace}/configmaps?watch=true`, { accept });
  await send(`POST ${namespace}/configmaps`, { body: { metadata: { name: 'a' } } });
  expect((await next())[0]).toBe(binary);
});

const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'a:1' }] };
const status = {
  containerStatuses: [
    { name: 'c', image: 'a:1', imageID: 'i', ready: true, restartCount: 0, state: { running: {} } },
  ],
};

async function withPod(deps: Parameters<typeof testServer>[0]) {
  const server = await testServer(deps);
  await server.send(`POST ${namespace}/pods`, { body: { metadata: { name: 'p' }, spec } });
  await server.send(`PUT ${namespace}/pods/p/status`, { body: { metadata: { name: 'p' }, spec, status } });
  return server;
}

test('B3: a log over a WebSocket is a message a piece, then the end', async () => {
  const { handle } = await withPod({
    podLogs: async function* () {
      yield Buffer.from('one\n');
      yield Buffer.from('two\n');
    },
  });
  const { next } = await open(handle, `${namespace}/pods/p/log`);
  expect([await next(), await next()].map(([opcode, data]) => [opcode, data.toString()])).toEqual([
    [binary, 'one\n'],
    [binary, 'two\n'],
  ]);
  expect((await next())[0]).toBe(close);
});

/** A program that says what it is told, and ends with the code that its input says. */
function echoing(): PodProcess {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const code = Promise.withResolvers<number>();
  stdin.on('data', (bytes: Buffer) => {
    stdout.end(bytes);
    code.resolve(Number(bytes.toString()));
  });
  return { stdin, stdout, exitCode: code.promise, close: () => {} } as unknown as PodProcess;
}

const failed = 'command terminated with non-zero exit code: exit status 3';
test.each([
  ['', false, failed],
  ['channel.k8s.io', false, failed],
  ['base64.channel.k8s.io', true, failed],
  ['v4.base64.channel.k8s.io', true, 'NonZeroExitCode'],
  ['v4.channel.k8s.io', false, 'NonZeroExitCode'],
  ['v5.channel.k8s.io', false, 'NonZeroExitCode'],
])('B3: exec over %j', async (protocol, isText, why) => {
  const { handle } = await withPod({
    podStreams: {
      exec: async () => echoing(),
      attach: async () => echoing(),
      portForward: () => Promise.reject(),
    },
  });
  const { answer, client, next } = await open(
    handle,
    `${namespace}/pods/p/exec?command=x&stdin=true&stdout=true`,
    protocol ? { 'sec-websocket-protocol': protocol } : {},
  );
  expect(answer.headers['Sec-WebSocket-Protocol']).toBe(protocol || undefined);
  const read = ([opcode, data]: [number, Buffer]) => {
    expect(opcode).toBe(isText ? text : binary);
    return isText
      ? [data[0]! - 48, Buffer.from(data.subarray(1).toString(), 'base64').toString()]
      : [data[0], data.subarray(1).toString()];
  };
  expect(read(await next())).toEqual([1, '']);
  const input = Buffer.from('3');
  client.write(
    isText
      ? masked(text, Buffer.from(`0${input.toString('base64')}`))
      : masked(binary, Buffer.from([0, ...input])),
  );
  expect(read(await next())).toEqual([1, '3']);
  expect(read(await next())).toEqual([3, expect.stringContaining(why)]);
  expect((await next())[0]).toBe(close);
});

test.each([
  ['', false],
  ['v4.channel.k8s.io', false],
  ['v4.base64.channel.k8s.io', true],
])('port-forward over %j: two channels of a port, which begin with it', async (protocol, isText) => {
  const [program, other] = duplexPair();
  const { handle } = await withPod({
    podStreams: {
      exec: () => Promise.reject(),
      attach: () => Promise.reject(),
      portForward: async () => other,
    },
  });
  const { answer, client, next } = await open(
    handle,
    `${namespace}/pods/p/portforward?ports=8080`,
    protocol ? { 'sec-websocket-protocol': protocol } : {},
  );
  expect(answer.headers['Sec-WebSocket-Protocol']).toBe(protocol || undefined);
  const said = async () => {
    const [opcode, data] = await next();
    expect(opcode).toBe(isText ? text : binary);
    const [channel, bytes] = [data[0]! - (isText ? 48 : 0), data.subarray(1)];
    return [channel, isText ? Buffer.from(bytes.toString(), 'base64') : bytes];
  };
  const port = Buffer.from([8080 & 255, 8080 >> 8]);
  expect([await said(), await said()]).toEqual([
    [0, port],
    [1, port],
  ]);
  client.write(isText ? masked(text, Buffer.from('0aGk=')) : masked(binary, Buffer.from('\0hi')));
  const [heard] = await once(program, 'data');
  expect(String(heard)).toBe('hi');
  program.end('ho');
  expect(await said()).toEqual([0, Buffer.from('ho')]);
});
