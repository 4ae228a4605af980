import { Agent, get } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../support/until.ts';
import { balanced, endpointAt, serviceRef } from './loadBalancers.ts';
import { fetchText, type LocalHarness, openLocalHarness } from './loadBalancersLocal.ts';

let h: LocalHarness;
beforeAll(async () => {
  h = await openLocalHarness();
});
afterAll(() => h.close());

const service = balanced({ port: 8080 });

describe.each([
  { client: 'a new connection for each request', keepAlive: false },
  { client: 'one connection kept alive', keepAlive: true },
])('$client', ({ keepAlive }) => {
  test('a client that keeps calling sees no failed request while endpoints die and come back', async () => {
    const ref = serviceRef(`rolling-${keepAlive}`);
    const endpoints = (dead?: number) => h.places.map((p, i) => endpointAt(p, { ready: i !== dead }));
    const [ingress] = await h.balancers.ensure(ref, service, endpoints());
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    let calls = 0;
    let running = true;
    const client = (async () => {
      for (; running; calls++) await fetchText(ingress!.ip!, 8080, agent);
    })();
    const served = async (more: number) => {
      const goal = calls + more;
      await Promise.race([until('calls go on', () => calls >= goal), client]);
    };
    for (let round = 0; round < 12; round++) {
      const dead = round % 3;
      const place = h.places[dead]!;
      await served(5);
      // By turns the endpoint is withdrawn before it dies, or dies before anybody knows.
      if (round % 2) await h.balancers.ensure(ref, service, endpoints(dead));
      await place.kill();
      await served(5);
      await h.balancers.ensure(ref, service, endpoints(dead));
      await served(5);
      await place.revive();
      await h.balancers.ensure(ref, service, endpoints());
    }
    running = false;
    await client;
    agent.destroy();
    expect(calls).toBeGreaterThan(150);
    await h.balancers.remove(ref);
  });
});

test('an idle kept-alive connection leaves an endpoint that is no longer ready, and goes on elsewhere', async () => {
  const ref = serviceRef('idle');
  const [one, two] = h.places;
  const [ingress] = await h.balancers.ensure(ref, service, [endpointAt(one!)]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect(await fetchText(ingress!.ip!, 8080, agent)).toBe(`${one!.address}:5000`);
  await h.balancers.ensure(ref, service, [endpointAt(one!, { ready: false }), endpointAt(two!)]);
  let reused = false;
  const answer = await new Promise<string>((resolve, reject) => {
    const request = get({ host: ingress!.ip, port: 8080, agent }, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    });
    request.on('error', reject);
    request.on('socket', () => {
      reused = request.reusedSocket;
    });
  });
  expect(answer).toBe(`${two!.address}:5000`);
  expect(reused).toBe(true);
  agent.destroy();
});

test('a connection waits for an endpoint to become ready', async () => {
  const ref = serviceRef('waits');
  const [ingress] = await h.balancers.ensure(ref, service, [endpointAt(h.places[1]!)]);
  await h.balancers.ensure(ref, service, []);
  const answer = fetchText(ingress!.ip!, 8080);
  await h.balancers.ensure(ref, service, [endpointAt(h.places[0]!)]);
  expect(await answer).toBe(`${h.places[0]!.address}:5000`);
});

describe('a protocol that is not HTTP', () => {
  const received: Socket[] = [];
  let server: Server;
  let place: { address: string; port: number };
  beforeAll(async () => {
    place = { address: h.places[0]!.address, port: 5001 };
    server = createServer({ allowHalfOpen: true }, (socket) => {
      received.push(socket);
      socket.write('hello\n');
      socket.on('data', (bytes) => socket.write(bytes));
      socket.on('end', () => socket.end('bye\n'));
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(place.port, place.address, resolve));
  });
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of received) socket.destroy();
        server.close(() => resolve());
      }),
  );

  const dialAs = async (name: string) => {
    const ref = serviceRef(name);
    const [ingress] = await h.balancers.ensure(ref, service, [endpointAt(place)]);
    const socket = connect({ host: ingress!.ip!, port: 8080, allowHalfOpen: true });
    const state = { text: '', ended: false, failed: false };
    socket.setEncoding('latin1').on('data', (part: string) => {
      state.text += part;
    });
    socket.on('end', () => {
      state.ended = true;
    });
    socket.on('error', () => {
      state.failed = true;
    });
    await until('the greeting comes', () => state.text === 'hello\n');
    return { ref, socket, state };
  };

  test('the endpoint may speak first, and each side ends on its own', async () => {
    const { socket, state } = await dialAs('half-close');
    socket.end('last words\n');
    await until('the other side ends', () => state.ended);
    expect(state.text).toBe('hello\nlast words\nbye\n');
  });

  test('keeps its endpoint while that is only unready', async () => {
    const { ref, socket, state } = await dialAs('unready');
    await h.balancers.ensure(ref, service, [endpointAt(place, { ready: false })]);
    socket.write('still here\n');
    await until('the echo comes', () => state.text.endsWith('still here\n'));
    socket.destroy();
  });

  test('is ended in good order when the endpoint is gone and nothing passes', async () => {
    const { ref, socket, state } = await dialAs('gone');
    await h.balancers.ensure(ref, service, []);
    await until('the other side ends', () => state.ended);
    expect(state.failed).toBe(false);
    socket.destroy();
  });

  test('megabytes pass unchanged to a client that reads slowly', async () => {
    const { socket, state } = await dialAs('megabytes');
    const block = 'x'.repeat(1 << 20);
    socket.pause();
    let sent = 0;
    for (let i = 0; i < 8; i++) socket.write(block, () => sent++);
    setImmediate(() => socket.resume());
    await until('all has passed', () => sent === 8 && state.text.length === 6 + (8 << 20));
    expect(state.text.slice(6)).toBe(block.repeat(8));
    socket.destroy();
  });

  test('remove cuts it', async () => {
    const { ref, state } = await dialAs('cut');
    await h.balancers.remove(ref);
    await until('the connection is cut', () => state.failed || state.ended);
  });
});
