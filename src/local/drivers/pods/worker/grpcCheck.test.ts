import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { grpcHealthRequest } from '../../../../shared/podspec/grpcHealth.ts';
import { grpcCheck } from './grpcCheck.ts';

let server: Http2Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

/** A server that answers every call; answers its port. */
async function serving(answer: (stream: ServerHttp2Stream, asked: Buffer) => void): Promise<number> {
  const created = createServer();
  server = created;
  created.on('stream', (stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => answer(stream, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve));
  return (created.address() as AddressInfo).port;
}

const says = (status: number) => (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.from([0, 0, 0, 0, 2, 0x08, status]));
};
const failing = (code: string) => (stream: ServerHttp2Stream) =>
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': code },
    { endStream: true },
  );

test.each([
  ['serves', says(1), true, ''],
  ['does not serve', says(2), false, 'service unhealthy (responded with "NOT_SERVING")'],
  ['knows no such protocol', failing('12'), false, 'does not implement the grpc health protocol'],
  ['knows no such service', failing('5'), false, 'health rpc probe failed: code = 5'],
])('a server that %s', async (_, answer, ok, message) => {
  const port = await serving(answer);
  expect(await grpcCheck({ port }, '127.0.0.1', 5000)).toEqual({
    ok,
    message: expect.stringContaining(message),
  });
});

test('the service that is asked for is named', async () => {
  const name = 'a'.repeat(200);
  let asked = Buffer.alloc(0);
  const port = await serving((stream, body) => {
    asked = Buffer.from(body);
    says(1)(stream);
  });
  await grpcCheck({ port, service: name }, '127.0.0.1', 5000);
  expect(asked).toEqual(grpcHealthRequest(name));
  expect(asked.subarray(5)).toEqual(Buffer.concat([Buffer.from([0x0a, 0xc8, 0x01]), Buffer.from(name)]));
});

test('a server that says nothing, and one that is not there', async () => {
  const port = await serving(() => {});
  expect((await grpcCheck({ port }, '127.0.0.1', 50)).message).toContain(
    'within 0.05s: context deadline exceeded',
  );
  expect((await grpcCheck({ port: 9 }, '127.0.0.1', 5000)).message).toContain('ECONNREFUSED');
});
