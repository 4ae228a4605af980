import { type Duplex, duplexPair, PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../../errors/apiError.ts';
import type { ExecOptions, PodProcess, PodRef } from '../../../ports/cloud.ts';
import { encodeFrame } from '../../../streams/websocket/frames.ts';
import type { ApiDeps, PodStreaming } from '../../deps.ts';
import { testServer } from '../../testing/testingServer.ts';

const pods = '/api/v1/namespaces/default/pods';
const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'a:1' }] };
const status = {
  containerStatuses: [
    { name: 'c', image: 'a:1', imageID: 'i', ready: true, restartCount: 0, state: { running: {} } },
  ],
};
const socket = { upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
const channels = { ...socket, 'sec-websocket-protocol': 'v5.channel.k8s.io' };

const older = { ...socket, 'sec-websocket-protocol': 'v4.channel.k8s.io' };

async function withPods(podStreams: PodStreaming, deps: Partial<ApiDeps> = {}) {
  const server = await testServer({ podStreams, ...deps });
  await server.send(`POST ${pods}`, { body: { metadata: { name: 'p' }, spec } });
  await server.send(`PUT ${pods}/p/status`, { body: { metadata: { name: 'p' }, spec, status } });
  await server.send(`POST ${pods}`, { body: { metadata: { name: 'waits' }, spec } });
  await server.send(`POST ${pods}`, {
    body: { metadata: { name: 'nowhere' }, spec: { containers: spec.containers } },
  });
  return server;
}

const nothing: PodStreaming = {
  exec: () => Promise.reject(new Error('not asked for')),
  attach: () => Promise.reject(new Error('not asked for')),
  portForward: () => Promise.reject(new Error('not asked for')),
};

describe('what cannot be is a Status, and no upgrade', () => {
  test.each([
    ['GET', 'p/exec?command=x', {}, 400, 'Upgrade request required'],
    ['GET', 'p/exec?command=x', { upgrade: 'h2c' }, 400, 'Upgrade request required'],
    ['GET', 'p/exec', channels, 400, 'you must specify at least one command for the container'],
    ['GET', 'q/exec?command=x', channels, 404, 'pods "q" not found'],
    ['GET', 'p/exec?command=x&container=d', channels, 400, 'container d is not valid for pod p'],
    ['GET', 'nowhere/exec?command=x', channels, 400, 'pod nowhere does not have a host assigned'],
    [
      'POST',
      'waits/exec?command=x',
      { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' },
      500,
      'unable to upgrade connection: container not found ("c")',
    ],
    [
      'GET',
      'p/attach?stdin=true',
      channels,
      405,
      'pods/attach with standard input is not supported by this server yet: exec has one',
    ],
    [
      'GET',
      'p/exec?command=x',
      { ...channels, 'sec-websocket-protocol': 'base64url.bearer.authorization.k8s.io.c2VjcmV0, a' },
      400,
      'unable to upgrade: unable to negotiate protocol: client supports [a], server accepts [v5.channel.k8s.io v4.channel.k8s.io v4.base64.channel.k8s.io channel.k8s.io base64.channel.k8s.io]',
    ],
    [
      'GET',
      'p/exec?command=x',
      { ...channels, 'sec-websocket-protocol': 'a, b' },
      400,
      'unable to upgrade: unable to negotiate protocol: client supports [a b], server accepts [v5.channel.k8s.io v4.channel.k8s.io v4.base64.channel.k8s.io channel.k8s.io base64.channel.k8s.io]',
    ],
    [
      'GET',
      'p/portforward',
      channels,
      400,
      'unable to upgrade: unable to negotiate protocol: client supports [v5.channel.k8s.io], server accepts [SPDY/3.1+portforward.k8s.io v4.channel.k8s.io v4.base64.channel.k8s.io]',
    ],
    ['GET', 'p/portforward', older, 400, 'query parameter "ports" is required'],
    ['GET', 'p/portforward?ports=80,0', older, 400, 'unable to parse "0" as a port'],
    [
      'DELETE',
      'p/exec?command=x',
      channels,
      405,
      'the server does not allow this method on the requested resource',
    ],
  ])('%s %s %j', async (method, path, headers, code, message) => {
    const { send } = await withPods(nothing);
    const answer = await send(`${method} ${pods}/${path}`, { headers });
    expect(answer.json).toMatchObject({ kind: 'Status', code, message });
  });

  test.each(['exec?command=x', 'attach', 'portforward'])(
    'a WebSocket of %s needs the right to create',
    async (path) => {
      const authorizer = {
        rules: () => ({ resourceRules: [], nonResourceRules: [] }),
        decide: ({ verb, resource }: { verb: string; resource?: { subresource?: string } }) => ({
          allowed: verb !== 'create' || !resource?.subresource,
        }),
      };
      const { send } = await withPods(nothing, { authorizer });
      const { json } = await send(`GET ${pods}/p/${path}`, {
        headers: { ...channels, 'sec-websocket-protocol': 'v5.channel.k8s.io, SPDY/3.1+portforward.k8s.io' },
      });
      expect(json).toMatchObject({ code: 403, message: expect.stringContaining('cannot create resource') });
    },
  );
});

/** A program that is played by the test. */
function played() {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const sizes: string[] = [];
  const exit = Promise.withResolvers<number>();
  const closed = Promise.withResolvers<void>();
  const process: PodProcess = {
    stdin,
    stdout,
    stderr,
    resize: (columns, rows) => void sizes.push(`${columns}x${rows}`),
    exitCode: exit.promise,
    close: () => closed.resolve(),
  };
  const end = (code: number) => {
    stdout.end();
    stderr.end();
    exit.resolve(code);
  };
  return { process, stdin, stdout, stderr, sizes, end, closed: closed.promise };
}

/** A client's end of a connection of channels. */
function channelClient(connection: Duplex) {
  const text = (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of connection) chunks.push(chunk);
    return unframed(Buffer.concat(chunks));
  })();
  const send = (stream: number, data: string | number[]) => {
    const frame = encodeFrame('binary', Buffer.from([stream, ...Buffer.from(data as string)]));
    const dataAt = frame[1]! < 126 ? 2 : 4;
    frame[1]! |= 0x80;
    connection.write(Buffer.concat([frame.subarray(0, dataAt), Buffer.alloc(4), frame.subarray(dataAt)]));
  };
  return { text, send };
}

/** Returns what a server sent: each message as its stream and text, a close as its code. */
function unframed(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes[at + 1]!;
    const [from, length] = short < 126 ? [at + 2, short] : [at + 4, bytes.readUInt16BE(at + 2)];
    const data = bytes.subarray(from, from + length);
    if (bytes[at] === 0x89) found.push('ping');
    else found.push(bytes[at] === 0x88 ? `close ${data.readUInt16BE()}` : `${data[0]} ${data.subarray(1)}`);
    at = from + length;
  }
  return found;
}

describe('exec over channels', () => {
  async function running(exec: PodStreaming['exec']) {
    const { handle, clock } = await withPods({ exec: exec! });
    const answer = await handle({
      method: 'GET',
      target: `${pods}/p/exec?command=a&command=b+c&stdin=true&stdout=true&stderr=true`,
      header: (name) => (channels as Record<string, string>)[name],
      headersBeginning: () => [],
      body: async () => new Uint8Array(),
      peer: { address: '127.0.0.1', certificate: { commonName: 'admin', organizations: ['system:masters'] } },
      signal: new AbortController().signal,
    });
    const [client, connection] = duplexPair();
    answer.upgrade!(connection);
    return { answer, client, clock, ...channelClient(client) };
  }

  test('streams go both ways; the exit code comes last, as a Status', async () => {
    const program = played();
    const asked: [PodRef, string, ExecOptions][] = [];
    const { answer, send, text } = await running(async (...all) => {
      asked.push(all);
      return program.process;
    });
    expect(answer).toMatchObject({
      status: 101,
      headers: {
        'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
        'Sec-WebSocket-Protocol': 'v5.channel.k8s.io',
      },
    });
    send(4, '{"Width":80,"Height":24}');
    send(0, 'hello');
    send(255, [0]);
    expect(await program.stdin.toArray()).toEqual([Buffer.from('hello')]);
    program.stdout.write('out');
    program.stderr.write('err');
    program.end(3);
    expect(await text).toEqual([
      '1 ',
      '1 out',
      '2 err',
      '3 {"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: exit status 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}',
      'close 1000',
    ]);
    expect(program.sizes).toEqual(['80x24']);
    expect(asked).toMatchObject([
      [
        { cluster: 'default', namespace: 'default', name: 'p' },
        'c',
        { command: ['a', 'b c'], tty: false, stdin: true },
      ],
    ]);
  });

  test('success is a Status too', async () => {
    const program = played();
    const { text } = await running(async () => program.process);
    program.end(0);
    expect(await text).toEqual(['1 ', '3 {"metadata":{},"status":"Success"}', 'close 1000']);
  });

  test('a command that cannot start says why', async () => {
    const { text } = await running(() =>
      Promise.reject(new ApiError('InternalError', 'exec: "a": not found')),
    );
    expect(await text).toEqual([
      '1 ',
      '3 {"metadata":{},"status":"Failure","message":"Internal error occurred: error executing command in container: exec: \\"a\\": not found","reason":"InternalError","code":500}',
      'close 1000',
    ]);
  });

  test('while a command takes no input its client is asked whether it is there', async () => {
    const program = played();
    const { send, text, clock } = await running(async () => program.process);
    for (let n = 0; n < 5; n++) send(0, 'x'.repeat(60_000));
    while (!program.stdin.writableNeedDrain) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5000);
    await clock.advance(5000);
    send(255, [0]);
    expect((await program.stdin.toArray()).reduce((sum, { length }) => sum + length, 0)).toBe(300_000);
    program.end(0);
    expect(await text).toEqual(['1 ', 'ping', 'ping', '3 {"metadata":{},"status":"Success"}', 'close 1000']);
  });

  test('a client that leaves, or talks nonsense, is gone', async () => {
    for (const leave of [
      ({ client }: { client: Duplex }) => client.end(),
      ({ client }: { client: Duplex }) => client.write('GET / HTTP/1.1\r\n\r\n'),
    ]) {
      const program = played();
      const opened = await running(async () => program.process);
      leave(opened);
      opened.text.catch(() => {});
      await program.closed;
    }
  });
});
