import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventReceivers } from '../../src/shared/ports/eventReceivers.ts';
import { until } from '../support/until.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What every driver of EventReceivers does, whatever the receiver does. */
export function eventReceiversContract(name: string, open: () => EventReceivers): void {
  describe(`receivers of events (${name})`, () => {
    let receivers: EventReceivers;
    let server: Server | TcpServer | undefined;
    const sockets = new Set<Socket>();
    beforeEach(() => {
      receivers = open();
    });
    afterEach(async () => {
      receivers.close();
      for (const socket of sockets) socket.destroy();
      server?.close();
      server = undefined;
    });

    const listening = async (opened: Server | TcpServer) => {
      server = opened;
      server.on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    };
    const answering = (answer: Answer) => listening(createServer(answer));
    const saying = (bytes: string) =>
      listening(
        createTcpServer((socket) => socket.on('data', () => socket.end(bytes)).on('error', () => {})),
      );
    const post = (url: string, patienceMs = 30_000) =>
      receivers.post({ url, headers: { 'webhook-id': 'one' }, body: Buffer.from('{}'), patienceMs });

    test('are told by POST, with the headers and the whole body', async () => {
      let seen = {};
      const url = await answering(async (request, response) => {
        let body = '';
        for await (const part of request) body += part;
        seen = {
          method: request.method,
          path: request.url,
          body,
          id: request.headers['webhook-id'],
          length: request.headers['content-length'],
        };
        response.writeHead(202).end();
      });
      expect(await post(`${url}hook?a=b`)).toEqual({ status: 202 });
      expect(seen).toEqual({ method: 'POST', path: '/hook?a=b', body: '{}', id: 'one', length: '2' });
    });

    test('say when to come again', async () => {
      const url = await answering((_, response) => response.writeHead(503, { 'retry-after': '7' }).end());
      expect(await post(url)).toEqual({ status: 503, retryAfter: '7' });
    });

    test('that send elsewhere are not followed', async () => {
      let calls = 0;
      const url = await answering((_, response) => {
        calls++;
        response.writeHead(307, { location: '/elsewhere' }).end();
      });
      expect(await post(url)).toEqual({ status: 307 });
      expect(calls).toBe(1);
    });

    test('that answer without an end are read no further, and lose their connection', async () => {
      let isCut = false;
      const url = await answering((_, response) => {
        response.writeHead(200);
        const more = () => {
          if (!isCut) response.write('x'.repeat(65_536), () => setImmediate(more));
        };
        response.on('close', () => {
          isCut = true;
        });
        more();
      });
      expect(await post(url)).toEqual({ status: 200 });
      await until('the connection is cut', () => isCut);
    });

    test('that never answer are given up', async () => {
      const url = await answering(() => {});
      await expect(post(url, 50)).rejects.toThrow('no answer within 50 ms');
    });

    test('that begin an answer and never end it have answered, and are given up', async () => {
      let isCut = false;
      const url = await answering((_, response) => {
        response.writeHead(200).write('x');
        response.on('close', () => {
          isCut = true;
        });
      });
      expect(await post(url, 500)).toEqual({ status: 200 });
      await until('the connection is cut', () => isCut);
    });

    test.each([
      ['rubbish', /Parse Error/, '\0\0\0 hello\r\n\r\n'],
      ['nothing', /hang up/, ''],
      ['half a head', /hang up/, 'HTTP/1.1 200 OK\r\nx: '],
      ['a head without an end', /overflow/i, `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`],
      [
        'a switch of protocols',
        /without an answer/,
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      ],
    ])('that say %s are an error', async (_what, why, bytes) => {
      const url = await saying(bytes);
      await expect(post(url)).rejects.toThrow(why);
    });

    test('that are not there are an error', async () => {
      const url = await answering(() => {});
      server!.close();
      await expect(post(url)).rejects.toThrow(/ECONNREFUSED/);
    });

    test('take many over few connections', async () => {
      const used = new Set<Socket>();
      const url = await answering((request, response) => {
        used.add(request.socket);
        request.resume().on('end', () => response.writeHead(204).end());
      });
      for (let i = 0; i < 20; i++) expect(await post(url)).toEqual({ status: 204 });
      expect(used.size).toBe(1);
    });

    test('are given up when all ends', async () => {
      const url = await answering(() => {});
      const posted = post(url);
      const refused = expect(posted).rejects.toThrow();
      await until('somebody asks', () => sockets.size > 0);
      receivers.close();
      await refused;
    });
  });
}
