import { readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { type RequestOptions, request as secureRequest } from 'node:https';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { beginPki } from '../../src/local/pki/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));
const definitions = new URL('../support/gatewayApi/standard-v1.5.0.yaml.gz', import.meta.url);

const program = `require('node:http').createServer((request, response) => {
  response.end(process.env.VERSION + ' ' + request.url + ' ' + request.headers['x-forwarded-proto']);
}).listen(8080, process.env.HOST || '0.0.0.0')`;
const web = `exec '${process.execPath}' -e "${program.replaceAll('\n', ' ')}"`;

const group = 'gateway.networking.k8s.io/v1';
const listener = (name: string, port: number, protocol: string, more = {}) => ({
  name,
  port,
  protocol,
  ...more,
});
const tls = { certificateRefs: [{ name: 'shop' }] };
const gateway = {
  apiVersion: group,
  kind: 'Gateway',
  metadata: { name: 'shop' },
  spec: {
    gatewayClassName: 'shallop',
    listeners: [
      listener('http', 80, 'HTTP'),
      listener('https', 443, 'HTTPS', { hostname: 'shop.example.com', tls }),
    ],
  },
};
const route = (name: string, sectionName: string, rule: object) => ({
  apiVersion: group,
  kind: 'HTTPRoute',
  metadata: { name },
  spec: { parentRefs: [{ name: 'shop', sectionName }], hostnames: ['shop.example.com'], rules: [rule] },
});
const weighted = (v1: number, v2: number) =>
  route('shop', 'https', {
    backendRefs: [
      { name: 'v1', port: 80, weight: v1 },
      { name: 'v2', port: 80, weight: v2 },
    ],
  });
const redirect = route('redirect', 'http', {
  filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }],
});

const deployment = (name: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 3,
        containers: [
          {
            name: 'web',
            image: 'web',
            env: [{ name: 'VERSION', value: name }],
            ports: [{ containerPort: 8080 }],
            readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 },
            // The program ends at once: the router first has to hear that it goes.
            lifecycle: { preStop: { sleep: { seconds: 1 } } },
          },
        ],
      },
    },
  },
});
const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
});

describeWithKubectl('a Gateway, by kubectl', () => {
  let plane: Plane;
  let cli: ReturnType<typeof kubectlFor>;
  let ca: string;
  let address: string;
  const ports: Record<string, number> = {};
  const k = (...args: string[]) => cli.k(...args);
  const pathOf = (path: string) => ['-o', `jsonpath={${path}}`];

  beforeAll(async () => {
    plane = await openPlane('gateways', { web });
    cli = kubectlFor(kubectl!, plane);
    await plane.start();
    const pki = await (await beginPki(join(plane.folder, 'shop'), systemClock.now()))(['shop.example.com']);
    ca = pki.ca;
    const file = (name: string, text: string) => {
      writeFileSync(join(plane.folder, name), text);
      return join(plane.folder, name);
    };
    const [cert, key] = [file('crt', pki.server.certificate), file('key', pki.server.key)];
    await k('create', 'secret', 'tls', 'shop', `--cert=${cert}`, `--key=${key}`);
    const crds = file('crds.yaml', gunzipSync(readFileSync(definitions)).toString());
    await k('apply', '--server-side', '-f', crds);
    await k('wait', '--for=condition=Established', 'crd/gateways.gateway.networking.k8s.io', '--timeout=60s');
    await cli.apply([deployment('v1', 2), service('v1'), deployment('v2', 1), service('v2')]);
  });
  afterAll(() => plane?.close());

  const ask = async (name: 'http' | 'https', options: RequestOptions = {}) => {
    const send = name === 'http' ? request : secureRequest;
    const headers = { host: 'shop.example.com' };
    const common = {
      host: address,
      port: ports[name],
      agent: false,
      headers,
      servername: 'shop.example.com',
      ca,
    };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      send({ ...common, ...options }, resolve)
        .on('error', reject)
        .end();
    });
    return { status: answer.statusCode, headers: answer.headers, text: (await answer.toArray()).join('') };
  };

  test('its class comes with the definitions, and it is programmed at an address', async () => {
    await until('the class is there', async () => (await k('get', 'gatewayclass', '-o', 'name')) !== '');
    await k('wait', '--for=condition=Accepted', 'gatewayclass/shallop', '--timeout=60s');
    const features = await k(
      'get',
      'gatewayclass',
      'shallop',
      ...pathOf('.status.supportedFeatures[*].name'),
    );
    expect(features.split(' ')).toEqual(expect.arrayContaining(['Gateway', 'HTTPRoute', 'GRPCRoute']));
    await cli.apply([gateway, weighted(3, 1), redirect]);
    await k('wait', '--for=condition=Programmed', 'gateway/shop', '--timeout=60s');
    address = (await k('get', 'gateway', 'shop', ...pathOf('.status.addresses[0].value'))).trim();
    expect(address).toMatch(/^127\./);
    for (const { name, port } of gateway.spec.listeners) {
      const said = await k(
        'get',
        'gateway',
        'shop',
        ...pathOf(`.status.listeners[?(@.name=="${name}")].conditions[?(@.type=="Programmed")].message`),
      );
      ports[name] = Number(/:(\d+)/.exec(said)?.[1] ?? port);
    }
    await until(
      'routes are attached',
      async () =>
        (await k('get', 'gateway', 'shop', ...pathOf('.status.listeners[*].attachedRoutes'))) === '1 1',
    );
    const accepted = '.status.parents[0].conditions[*].status';
    expect(await k('get', 'httproute', 'shop', ...pathOf(accepted))).toBe('True True');
  });

  test('it redirects to HTTPS, where requests go to two Deployments by their weights', async () => {
    for (const name of ['v1', 'v2']) await k('rollout', 'status', `deployment/${name}`, '--timeout=120s');
    const { status, headers } = await ask('http', { path: '/a?b=1' });
    const suffix = ports.https === 443 ? '' : `:${ports.https}`;
    expect([status, headers.location]).toEqual([301, `https://shop.example.com${suffix}/a?b=1`]);
    await until('both answer', async () => (await ask('https')).status === 200);
    const counts: Record<string, number> = {};
    for (let i = 0; i < 40; i++) {
      const { text } = await ask('https', { path: '/x' });
      expect(text).toMatch(/^v[12] \/x https$/);
      counts[text.slice(0, 2)] = (counts[text.slice(0, 2)] ?? 0) + 1;
    }
    expect(counts).toEqual({ v1: 30, v2: 10 });
  });

  test('a rollout behind it, with weights that change, fails no request', async () => {
    let isOver = false;
    const statuses: Record<string, number> = {};
    const asking = Array.from({ length: 3 }, async () => {
      while (!isOver) {
        const said = await ask('https').then(
          ({ status, text }) => (status === 200 ? '200' : `${status} ${text}`),
          String,
        );
        statuses[said] = (statuses[said] ?? 0) + 1;
      }
    });
    try {
      await k('rollout', 'restart', 'deployment/v1');
      await cli.apply([weighted(1, 1)]);
      await k('rollout', 'status', 'deployment/v1', '--timeout=120s');
      await cli.apply([weighted(1, 0)]);
      await until('all goes to v1', async () => {
        const said = await Promise.all(
          Array.from({ length: 4 }, async () => (await ask('https')).text.slice(0, 2)),
        );
        return said.every((version) => version === 'v1');
      });
    } finally {
      isOver = true;
    }
    await Promise.all(asking);
    expect(Object.keys(statuses)).toEqual(['200']);
  });

  test('routes of gRPC and TLS are served by another one, and a policy for programs is told for it', async () => {
    const parentRefs = [{ name: 'more' }];
    const rules = [{ backendRefs: [{ name: 'v2', port: 80 }] }];
    const hostnames = ['shop.example.com'];
    await cli.apply([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'authority' }, data: { 'ca.crt': ca } },
      {
        ...gateway,
        metadata: { name: 'more' },
        spec: {
          gatewayClassName: 'shallop',
          listeners: [
            listener('grpc', 8080, 'HTTP'),
            listener('tls', 8443, 'TLS', { tls: { mode: 'Passthrough' } }),
          ],
        },
      },
      { apiVersion: group, kind: 'GRPCRoute', metadata: { name: 'grpc' }, spec: { parentRefs, rules } },
      {
        apiVersion: group,
        kind: 'TLSRoute',
        metadata: { name: 'tls' },
        spec: { parentRefs, hostnames, rules },
      },
      {
        apiVersion: group,
        kind: 'BackendTLSPolicy',
        metadata: { name: 'v2' },
        spec: {
          targetRefs: [{ group: '', kind: 'Service', name: 'v2' }],
          validation: {
            caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'authority' }],
            hostname: 'shop.example.com',
          },
        },
      },
    ]);
    await k('wait', '--for=condition=Programmed', 'gateway/more', '--timeout=60s');
    await until(
      'routes are attached',
      async () =>
        (await k('get', 'gateway', 'more', ...pathOf('.status.listeners[*].attachedRoutes'))) === '1 1',
    );
    const parents = pathOf('.status.parents[0].conditions[*].reason');
    expect(await k('get', 'grpcroute', 'grpc', ...parents)).toBe('Accepted ResolvedRefs');
    expect(await k('get', 'tlsroute', 'tls', ...parents)).toBe('Accepted ResolvedRefs');
    const told = () => k('get', 'backendtlspolicy', 'v2', ...pathOf('.status.ancestors[*].ancestorRef.name'));
    await until(
      'the policy is told for both Gateways',
      async () => (await told()) === 'shop more' || (await told()) === 'more shop',
    );
  });

  test('it is served again after a kill -9, and no longer once its definition is gone', async () => {
    await plane.kill();
    await plane.start();
    await until('it answers', async () => (await ask('https').catch(() => undefined))?.status === 200);
    await k('delete', 'crd', 'gateways.gateway.networking.k8s.io', '--timeout=60s');
    await until('nothing answers', async () => (await ask('https').catch(() => 'refused')) === 'refused');
    const parents = () => k('get', 'httproute', 'shop', ...pathOf('.status.parents'));
    await until('no parent has it', async () => (await parents()) === '[]');
  });
});
