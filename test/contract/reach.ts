import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { Reach, ReachRequest } from '../../src/shared/ports/reach.ts';

export interface ReachSubject {
  reach: Reach;
  /** An address that programs of the test can listen on and that may be reached. */
  address: string;
  /** Any certificate with its key, PEM. */
  certificate: { cert: string; key: string };
}

/** What every driver of the port Reach does. */
export function reachContract(subject: () => Promise<ReachSubject>): void {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function listening(server: Server, address: string): Promise<Pick<ReachRequest, 'address' | 'port'>> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return { address, port: (server.address() as AddressInfo).port };
  }

  const plain = { tls: false, method: 'GET', path: '/', headers: [['host', 'h']] } as const;
  const signal = new AbortController().signal;

  async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return Buffer.concat(parts).toString();
  }

  test.each([
    '127.255.255.254',
    '169.254.169.254',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    'fe80::1',
    '',
    'localhost',
  ])('requests to %j are not sent', async (address) => {
    expect((await subject()).reach.mayReach(address)).toBe(false);
  });

  test('an address of others may be reached, and a Pod’s', async () => {
    const { reach, address } = await subject();
    expect(['10.0.0.1', '192.0.2.1', '2001:db8::1', address].map((each) => reach.mayReach(each))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test.each(['POST', 'DELETE'])(
    '%s: method, path, headers and body go there, and come back',
    async (method) => {
      const { reach, address } = await subject();
      const server = createServer(async (request, response) => {
        response.writeHead(418, [
          ['set-cookie', 'a'],
          ['set-cookie', 'b'],
        ] as never);
        response.end(`${request.method} ${request.url} ${request.headers['x-a']} ${await textOf(request)}`);
      });
      const place = await listening(server, address);
      const body = (async function* () {
        yield Buffer.from('one ');
        yield Buffer.from('two');
      })();
      const headers = [
        ['host', 'h'],
        ['x-a', '1'],
        ['x-a', '2'],
        ['transfer-encoding', 'chunked'],
      ] as const;
      const answer = await reach.send({
        ...plain,
        ...place,
        method,
        path: '/a%20b?c',
        headers,
        body,
        signal,
      });
      expect(answer.status).toBe(418);
      expect(answer.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value)).toEqual([
        'a',
        'b',
      ]);
      expect(await textOf(answer.body)).toBe(`${method} /a%20b?c 1, 2 one two`);
    },
  );

  test('over TLS whatever certificate is shown', async () => {
    const { reach, address, certificate } = await subject();
    const place = await listening(
      createTlsServer(certificate, (_, response) => response.end('secret')),
      address,
    );
    const answer = await reach.send({ ...plain, ...place, tls: true, signal });
    expect(await textOf(answer.body)).toBe('secret');
  });

  test('an upgrade hands over the connection', async () => {
    const { reach, address } = await subject();
    const server = createServer().on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello ');
      socket.pipe(socket);
    });
    const place = await listening(server, address);
    const headers = [
      ['host', 'h'],
      ['connection', 'Upgrade'],
      ['upgrade', 'echo'],
    ] as const;
    const { status, connection } = await reach.send({ ...plain, ...place, headers, signal });
    expect(status).toBe(101);
    connection!.end('again');
    expect(await textOf(connection!)).toBe('hello again');
  });

  test('nobody there is said in Go’s words', async () => {
    const { reach, address } = await subject();
    const server = createServer();
    const place = await listening(server, address);
    await new Promise((resolve) => server.close(resolve));
    await expect(reach.send({ ...plain, ...place, signal })).rejects.toThrow(
      `dial tcp ${address}:${place.port}: connect: connection refused`,
    );
  });

  test('an answer that breaks off rejects, and so does one that is not waited for', async () => {
    const { reach, address } = await subject();
    const server = createServer((request, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half', () => request.socket.destroy());
    });
    const place = await listening(server, address);
    const answer = await reach.send({ ...plain, ...place, signal });
    await expect(textOf(answer.body)).rejects.toThrow();
    const silent = await listening(
      createServer(() => left.abort()),
      address,
    );
    const left = new AbortController();
    await expect(reach.send({ ...plain, ...silent, signal: left.signal })).rejects.toThrow(
      'context canceled',
    );
  });
}
