import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Agent, type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listening } from '../../../test/support/transport.ts';
import { warningHeaders } from '../../shared/api/http/answer.ts';
import type { ApiRequest, ApiResponse } from '../../shared/api/http/message.ts';
import { toStatus } from '../../shared/errors/status.ts';
import { makeAdminKey } from '../pki/adminKey.ts';
import { openPki } from '../pki/index.ts';
import { makeAdmin } from '../pki/make.ts';
import { listen, type Transport } from './index.ts';

let answer: (request: ApiRequest) => Promise<ApiResponse>;
const on = listening((call) => answer(call));

const bytes = (text: string) => new TextEncoder().encode(text);
const plain = (body: ApiResponse['body'], status = 200): ApiResponse => ({ status, headers: {}, body });

interface Answer {
  status: number;
  text: string;
}

function call(options: RequestOptions & { text?: string } = {}): Promise<Answer> {
  const { text, ...rest } = options;
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: on.transport.port, ca: on.pki.ca, agent: false, ...rest },
      (response) => {
        let got = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          got += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, text: got }));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

/** A stream that gives one chunk and then waits for its signal. */
async function* watching(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield bytes('first\n');
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}

test.each([
  { prefix: '', found: ['accept: text/x', 'x-a: 1', 'x-b: 2'] },
  { prefix: 'x-', found: ['x-a: 1', 'x-b: 2'] },
])('the headers that begin with "$prefix" are found', async ({ prefix, found }) => {
  const seen: string[] = [];
  answer = async (request) => {
    for (const [name, value] of request.headersBeginning(prefix)) seen.push(`${name}: ${value}`);
    return plain(bytes(''));
  };
  await call({ headers: { Accept: 'text/x', 'X-A': '1', 'x-b': '2' } });
  expect(seen.filter((line) => !/^(host|connection):/.test(line))).toEqual(found);
});

test('a URL may be as long as the command line of an exec', async () => {
  answer = async ({ target }) => plain(bytes(`${target.length}`));
  const path = `/exec?command=${'a'.repeat(100_000)}`;
  expect(await call({ path })).toEqual({ status: 200, text: `${path.length}` });
});

test('method, target, headers and body arrive as sent', async () => {
  answer = async (r) => {
    const body = Buffer.from(await r.body(100)).toString();
    return plain(bytes(JSON.stringify([r.method, r.target, r.header('x-a'), body])), 201);
  };
  expect(
    await call({ method: 'POST', path: '/a%2Fb?c=d%20e', headers: { 'X-A': 'v' }, text: 'hello' }),
  ).toEqual({
    status: 201,
    text: '["POST","/a%2Fb?c=d%20e","v","hello"]',
  });
});

test.each([1, 2])('over HTTP/%d repeated headers are told apart', async (version) => {
  answer = async (r) => plain(bytes(JSON.stringify(r.headersBeginning('x-'))));
  const headers = { 'X-B': ['1, 2', '3'], 'X-C': 'v' };
  const text = version === 1 ? (await call({ headers })).text : await overHttp2({ ':path': '/', ...headers });
  expect(JSON.parse(text)).toEqual([
    ['x-b', '1, 2'],
    ['x-b', '3'],
    ['x-c', 'v'],
  ]);
});

test.each([
  ['GET', '/whole'],
  ['GET', '/chunks'],
  ['POST', '/whole'],
  ['POST', '/chunks'],
  ['DELETE', '/whole'],
  ['DELETE', '/chunks'],
])('the body of a %s without one is empty, read as %s', async (method, target) => {
  answer = async (asked) => {
    if (asked.target === '/whole') return plain(bytes(`${(await asked.body(100)).length}`));
    let size = 0;
    for await (const chunk of asked.chunks!()) size += chunk.length;
    return plain(bytes(`${size}`));
  };
  const raw = connectTls({ host: '127.0.0.1', port: on.transport.port, ca: on.pki.ca });
  raw.write(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  let got = '';
  for await (const chunk of raw) got += String(chunk);
  expect(got.split('\r\n\r\n')[1]).toBe('0');
});

test.each([
  ['with its head', ['', 'hello, ', 'world'], 1],
  ['after its head', ['', 'hello, world'], 2],
  ['in two parts', ['hello, ', 'world'], 2],
])(
  'a body that comes %s is read whole, and so is the next one on its connection',
  async (_, parts, writes) => {
    let asked = Promise.withResolvers<void>();
    answer = async (r) => {
      asked.resolve();
      return plain(await r.body(100));
    };
    const socket = connectTls({ host: '127.0.0.1', port: on.transport.port, ca: on.pki.ca });
    await once(socket, 'secureConnect');
    for (const connection of ['keep-alive', 'close']) {
      asked = Promise.withResolvers<void>();
      const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nConnection: ${connection}\r\n\r\n`;
      socket.write(head + (writes === 1 ? parts.join('') : parts[0]));
      await asked.promise;
      if (writes > 1) socket.write(parts[1]!);
    }
    let got = '';
    for await (const chunk of socket) got += String(chunk);
    expect(got.match(/hello, world/g)).toHaveLength(2);
  },
);

test('a body that is asked for when its sender has left is cut off, and not counted for ever', async () => {
  const [asked, read] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
  answer = async (r) => {
    asked.resolve();
    await once(r.signal, 'abort');
    Promise.resolve(r.body(100)).then(read.reject, read.resolve);
    return plain(bytes(''));
  };
  const socket = connectTls({ host: '127.0.0.1', port: on.transport.port, ca: on.pki.ca });
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello');
  await asked.promise;
  socket.destroy();
  expect(await read.promise).toMatchObject({ message: 'the request body was cut off' });
});

test('many requests go over one kept connection', async () => {
  answer = async () => plain(bytes('x'));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let n = 0; n < 20; n++) expect((await call({ agent })).text).toBe('x');
  expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  agent.destroy();
});

test.each([1, 2])('over HTTP/%d warnings may be in any language, as bytes of UTF-8', async (version) => {
  answer = async () => ({ ...plain(bytes('x')), headers: { ...warningHeaders(['"日本ß\n"']) } });
  const { port } = on.transport;
  const headers = await new Promise<IncomingHttpHeaders>((resolve) => {
    if (version === 1)
      request({ host: '127.0.0.1', port, ca: on.pki.ca, agent: false }, (got) =>
        resolve(got.resume().headers),
      ).end();
    else {
      const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: on.pki.ca });
      const stream = session.request({ ':path': '/x' }).resume();
      stream.once('response', resolve).once('end', () => session.close());
    }
  });
  expect(Buffer.from(String(headers.warning), 'latin1').toString()).toBe('299 - "\\"日本ß?\\""');
});

test('a connection that waits for its next request is kept as long as by kube-apiserver', async () => {
  answer = async () => plain(bytes(''));
  const agent = new Agent({ keepAlive: true, ca: on.pki.ca });
  const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: on.transport.port, agent }, (response) => {
      response.resume().once('end', () => resolve(response.headers));
    });
    sent.once('error', reject).end();
  });
  agent.destroy();
  expect(headers['keep-alive']).toBe('timeout=90');
});

test('HTTP/2 is served on the same port', async () => {
  answer = async (r) => plain(bytes(`${r.method} ${r.target}`));
  expect(await overHttp2({ ':path': '/x' })).toBe('GET /x');
});

async function overHttp2(headers: OutgoingHttpHeaders): Promise<string> {
  const session = connectHttp2(`https://127.0.0.1:${on.transport.port}`, { ca: on.pki.ca });
  let text = '';
  for await (const chunk of session.request(headers).setEncoding('utf8')) text += chunk;
  await new Promise<void>((resolve) => session.close(() => resolve()));
  return text;
}

describe('who is there', () => {
  beforeEach(() => {
    answer = async ({ peer: { address: _address, ...shown } }) => plain(bytes(JSON.stringify(shown)));
  });
  const shown = async (pair?: { certificate: string; key: string }) =>
    JSON.parse((await call(pair && { cert: pair.certificate, key: pair.key })).text);

  test('a certificate of the own authority is told', async () => {
    const { fingerprint256 } = new X509Certificate(on.pki.admin.certificate);
    expect(await shown(on.pki.admin)).toEqual({
      certificate: {
        commonName: 'kubernetes-admin',
        organizations: ['system:masters'],
        fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
      },
    });
  });
  test('without one nobody is told', async () => {
    expect(await shown()).toEqual({});
  });
  test('A9: a certificate of another authority with the same names is refused', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'shallop-transport-'));
    const { admin } = await openPki(elsewhere, ['localhost'], Date.now());
    await rm(elsewhere, { recursive: true });
    expect(await shown(admin)).toEqual({ certificateRefused: true });
  });
  test('A9: a certificate that has expired is refused', async () => {
    const { ca: certificate, caKey: key } = JSON.parse(await readFile(join(on.folder, 'pki.json'), 'utf8'));
    const longAgo = Date.now() - 400 * 86_400_000;
    expect(await shown(await makeAdmin({ certificate, key }, await makeAdminKey(), longAgo))).toEqual({
      certificateRefused: true,
    });
  });
  test('A9: a certificate that is not for clients is refused', async () => {
    expect(await shown(on.pki.server)).toEqual({ certificateRefused: true });
  });
  test('the client trusts the server by the own authority only', async () => {
    await expect(call({ ca: undefined })).rejects.toThrow(/certificate/);
  });
});

describe('bodies', () => {
  beforeEach(() => {
    answer = async (r) => {
      try {
        return plain(bytes(String((await r.body(1000)).length)));
      } catch (error) {
        const status = toStatus(error);
        return plain(bytes(status.reason!), status.code);
      }
    };
  });
  test.each([
    ['said beforehand', { 'content-length': '1001' }],
    ['found while reading', { 'transfer-encoding': 'chunked' }],
  ])('beyond the limit, %s, is RequestEntityTooLarge', async (_how, headers) => {
    const answered = await call({ method: 'POST', headers, text: 'x'.repeat(1001) });
    expect(answered).toEqual({ status: 413, text: 'RequestEntityTooLarge' });
  });
  test('exactly the limit is taken', async () => {
    expect((await call({ method: 'POST', text: 'x'.repeat(1000) })).text).toBe('1000');
  });
  test.each(['', 'x'])('%j is read once: a second reader is told, instead of given nothing', async (text) => {
    const second = async (read: () => unknown) => {
      try {
        await read();
        return 'nothing';
      } catch (error) {
        return (error as Error).message;
      }
    };
    answer = async (r) => {
      const first = await r.body(1000);
      const others = [await second(() => r.body(1000)), await second(() => r.chunks!())];
      return plain(bytes(JSON.stringify([Buffer.from(first).toString(), ...others])));
    };
    const told = 'the body of a request is read a second time';
    expect(JSON.parse((await call({ method: 'POST', text })).text)).toEqual([text, told, told]);
  });
});

describe('streams', () => {
  test('the first line comes at once, and a client that leaves ends the stream', async () => {
    let ended!: () => void;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    answer = async ({ signal }) => {
      signal.addEventListener('abort', () => ended());
      return plain(watching(signal));
    };
    await new Promise<void>((resolve) => {
      const sent = request(
        { host: '127.0.0.1', port: on.transport.port, ca: on.pki.ca, agent: false },
        (response) => {
          response.on('error', () => {});
          response.once('data', (chunk) => {
            expect(String(chunk)).toBe('first\n');
            sent.destroy();
            resolve();
          });
        },
      );
      sent.on('error', () => {});
      sent.end();
    });
    await end;
  });

  test('closing ends watches cleanly: the client sees the end, not a broken connection', async () => {
    let begun!: () => void;
    const begin = new Promise<void>((resolve) => {
      begun = resolve;
    });
    answer = async ({ signal }) => {
      begun();
      return plain(watching(signal));
    };
    const watched = call();
    await begin;
    await on.transport.close();
    expect(await watched).toEqual({ status: 200, text: 'first\n' });
  });

  test('a client that does not read holds the stream back', async () => {
    let given = 0;
    answer = async ({ signal }) =>
      plain(
        (async function* () {
          for (; given < 500 && !signal.aborted; given++) yield new Uint8Array(1024 * 1024);
        })(),
      );
    const sent = request({ host: '127.0.0.1', port: on.transport.port, ca: on.pki.ca, agent: false });
    sent.on('error', () => {});
    sent.end();
    const response = await new Promise<NodeJS.ReadableStream>((resolve) => sent.once('response', resolve));
    // Nobody reads: what is given stops growing once the buffers between are full.
    let before = -1;
    while (given !== before) {
      before = given;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(given).toBeLessThan(100);
    response.on('error', () => {});
    sent.destroy();
  });
});

describe('a client that takes nothing for too long', () => {
  const mebibyte = new Uint8Array(1024 * 1024);
  /** Never ends by itself; tells when it is not read any more. */
  const endless = () => {
    let ended = () => {};
    const over = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const body = async function* () {
      try {
        for (;;) yield mebibyte;
      } finally {
        ended();
      }
    };
    return { body, over };
  };
  let strict: Transport;
  beforeEach(async () => {
    strict = await listen({ ...on.options, stallMs: 50 });
  });
  afterEach(() => strict.close());

  test('is cut off', async () => {
    const { body, over } = endless();
    answer = async () => plain(body());
    const sent = request({ host: '127.0.0.1', port: strict.port, ca: on.pki.ca, agent: false });
    const broken = new Promise((resolve) => sent.once('close', resolve));
    sent.on('response', (response) => response.on('error', () => {}));
    sent.on('error', () => {});
    sent.end();
    await over;
    // What has arrived can still be read; then the connection is found broken.
    sent.on('response', (response) => response.resume());
    sent.destroy();
    await broken;
  });

  test('over HTTP/2 loses that stream only', async () => {
    const { body, over } = endless();
    answer = async ({ target }) => plain(target === '/slow' ? body() : bytes('ok'));
    const session = connectHttp2(`https://127.0.0.1:${strict.port}`, { ca: on.pki.ca });
    const slow = session.request({ ':path': '/slow' });
    slow.on('error', () => {});
    slow.end();
    await over;
    const other = session.request({ ':path': '/other' });
    other.setEncoding('utf8');
    let text = '';
    for await (const chunk of other) text += chunk;
    expect(text).toBe('ok');
    session.destroy();
  });
});

test('an address that is taken is refused', async () => {
  const again = listen({
    handle: (r) => answer(r),
    bind: '127.0.0.1',
    port: on.transport.port,
    tls: { ca: on.pki.ca, ...on.pki.server },
    onError: () => {},
  });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test.each([
  ['answer', 1, 16 << 20],
  ['many small answers', 400, 16 << 10],
])('a large request may come while the %s before it are not read', async (_, count, large) => {
  answer = async (asked) => plain(asked.method === 'GET' ? new Uint8Array(large) : await asked.body(1 << 20));
  const socket = connectTls({ host: '127.0.0.1', port: on.transport.port, ca: on.pki.ca });
  await once(socket, 'secureConnect');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(count));
  // It has begun to answer, and nobody reads on.
  await once(socket, 'readable');
  const text = 'x'.repeat(500_000);
  socket.write(
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`,
  );
  let got = 0;
  let last = '';
  for await (const chunk of socket) {
    got += chunk.length;
    last = (last + String(chunk)).slice(-text.length);
  }
  expect(got).toBeGreaterThan(count * large + text.length);
  expect(last).toBe(text);
});
