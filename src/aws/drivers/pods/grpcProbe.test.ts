import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Http2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isInstalled, needs, notLinux } from '../../../../test/support/needs.ts';
import { grpcHealthPath, grpcHealthRequest } from '../../../shared/podspec/grpcHealth.ts';
import { grpcCommand, grpcRequest } from './grpcProbe.ts';

interface Asked {
  path: string;
  headers: Record<string, unknown>;
  message: Buffer;
}

let folder: string;
let server: Http2Server;
let asked: Asked[];
/** What the server answers with; nothing: a status that says there is no such service. */
let answer: Buffer | undefined;
const port = () => (server.address() as AddressInfo).port;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-grpc-'));
  asked = [];
  server = createServer().on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      asked.push({ path: String(headers[':path']), headers, message: Buffer.concat(chunks) });
      const begin = { ':status': 200, 'content-type': 'application/grpc' };
      if (!answer) return stream.respond({ ...begin, 'grpc-status': '5' }, { endStream: true });
      stream.respond(begin, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const saying = (status: number) => Buffer.from([0, 0, 0, 0, 2, 0x08, status]);

test.each(['', 'liveness', 'x'.repeat(200)])(
  'a gRPC server understands the bytes for the service %j',
  async (service) => {
    answer = saying(1);
    const socket = connect(port(), '127.0.0.1', () => socket.write(grpcRequest(port(), service)));
    const told: Buffer[] = [];
    await new Promise<void>((resolve) =>
      socket.on('data', (chunk) => {
        told.push(chunk);
        if (Buffer.concat(told).includes(saying(1))) resolve();
      }),
    );
    socket.destroy();
    expect(asked).toEqual([
      {
        path: grpcHealthPath,
        headers: expect.objectContaining({
          ':method': 'POST',
          ':authority': `127.0.0.1:${port()}`,
          'content-type': 'application/grpc',
          'user-agent': 'kube-probe/1.35',
          te: 'trailers',
        }),
        message: grpcHealthRequest(service),
      },
    ]);
  },
);

const { test: withShell } = needs(notLinux || (!isInstalled('bash') && 'there is no bash'));

/** As busybox has it: to the end of the connection. Not every machine has one that does. */
const nc = '#!/usr/bin/env bash\nexec 3<> "/dev/tcp/$1/$2" || exit 1\ncat <&3 &\ncat >&3\nwait\n';

withShell.each([
  ['serves', saying(1), 0],
  ['does not serve', saying(2), 1],
  ['knows no such service', undefined, 1],
])('the command of a helper passes only where the server %s', async (_, said, code) => {
  answer = said;
  writeFileSync(join(folder, 'nc'), nc, { mode: 0o755 });
  const [, program = '', ...words] = grpcCommand(port(), 'web', 1);
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const ended = await new Promise((resolve) =>
    execFile(program, words, { env }, (error) => resolve(error ? error.code : 0)),
  );
  expect(ended).toBe(code);
  expect(asked).toHaveLength(1);
});

withShell('the command fails where nobody listens', async () => {
  writeFileSync(join(folder, 'nc'), nc, { mode: 0o755 });
  const [, program = '', ...words] = grpcCommand(1, '', 1);
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const ended = await new Promise((resolve) =>
    execFile(program, words, { env }, (error) => resolve(error ? error.code : 0)),
  );
  expect(ended).toBe(1);
});
