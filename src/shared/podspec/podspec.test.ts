import { describe, expect, test } from '@jest/globals';
import { goDuration } from '../clock/goDuration.ts';
import type { Container, Service } from '../kinds/schema/types.ts';
import type { PodSources } from '../ports/cloud.ts';
import { backOffLeft, kubeletBackOff, raiseBackOff } from './backOff.ts';
import { commandLine } from './command.ts';
import type { PodContext } from './context.ts';
import { resourceValue } from './downward.ts';
import { resolveEnv, traceEnv } from './env.ts';
import { expand } from './expand.ts';
import { selectLines } from './logLines.ts';
import { logTarget } from './logTarget.ts';
import { firstProbe, probed } from './probe.ts';
import { restarts } from './restart.ts';
import { volumeFiles } from './volumes.ts';

const service = (name: string, namespace: string, clusterIP: string, ports: object[]): Service => ({
  metadata: { name, namespace },
  spec: { clusterIP, ports: ports as never },
});
const sources: PodSources = {
  configMap: async (name) =>
    name === 'cm' ? { metadata: {}, data: { a: '1', 'b-c': '2' }, binaryData: { bin: 'AAE=' } } : undefined,
  secret: async (name) => (name === 's' ? { metadata: {}, data: { p: 'aGk=' } } : undefined),
  services: async () => [
    service('my-svc', 'ns', '10.0.0.9', [
      { name: 'http', port: 80 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ]),
    service('none', 'ns', 'None', [{ port: 1 }]),
    service('kubernetes', 'default', '10.0.0.1', [{ name: 'https', port: 443 }]),
    service('other', 'default', '10.0.0.2', [{ port: 1 }]),
  ],
  token: async (account, { audience }) => `token of ${account} for ${audience ?? 'api'}`,
  clusterCa: () => 'PEM',
};
const context: PodContext = {
  ref: { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' },
  pod: {
    metadata: { labels: { b: '2', a: '"1"' }, annotations: { 'x/y': 'z' } },
    spec: { nodeName: 'n', containers: [{ name: 'c', resources: { limits: { cpu: '1500m' } } }] },
  },
  sources,
  podIP: '10.1.1.1',
  hostIP: '127.0.0.1',
  allocatable: { cpu: '4', memory: '2Gi' },
};
const envOf = (container: Partial<Container>) => resolveEnv({ name: 'c', ...container }, context);

test.each([
  ['$(A)-$(B)', '1-$(B)'],
  ['$$(A) $$$(A) $A', '$(A) $1 $A'],
  ['$(A', '$(A'],
  ['$()', '$()'],
])('%j expands to %j', (text, expanded) => {
  expect(expand(text, (name) => (name === 'A' ? '1' : undefined))).toBe(expanded);
});

describe('environment', () => {
  test('what comes from a Secret is known by its key, and what it was expanded into too', async () => {
    const env: Container['env'] = [
      { name: 'PASS', valueFrom: { secretKeyRef: { name: 's', key: 'p' } } },
      { name: 'URL', value: 'x:$(PASS)' },
      { name: 'TWICE', value: '$(URL)' },
      { name: 'PLAIN', value: 'y' },
    ];
    expect(
      await traceEnv({ name: 'c', env, envFrom: [{ secretRef: { name: 's' } }] }, context),
    ).toMatchObject({
      p: { value: 'hi', secret: { name: 's', key: 'p' } },
      PASS: { value: 'hi', secret: { name: 's', key: 'p' } },
      URL: { value: 'x:hi', holds: 'PASS' },
      TWICE: { value: 'x:hi', holds: 'URL' },
      PLAIN: { value: 'y' },
    });
  });

  test('Services may be dialled by name', async () => {
    const serviceHost = ({ metadata }: Service) => `${metadata.name}.${metadata.namespace}.svc`;
    expect(await resolveEnv({ name: 'c' }, { ...context, serviceHost })).toMatchObject({
      MY_SVC_SERVICE_HOST: 'my-svc.ns.svc',
      MY_SVC_PORT: 'tcp://my-svc.ns.svc:80',
      KUBERNETES_SERVICE_HOST: 'kubernetes.default.svc',
    });
  });

  test('env stands over envFrom and sees what stands before it', async () => {
    const env = await envOf({
      envFrom: [{ configMapRef: { name: 'cm' } }, { prefix: 'S_', secretRef: { name: 's' } }],
      env: [
        { name: 'a', value: '$(S_p)!' },
        { name: 'late', value: '$(later)' },
        { name: 'later', value: 'x' },
        { name: 'url', value: 'http://$(MY_SVC_SERVICE_HOST)' },
      ],
    });
    expect(env).toMatchObject({ a: 'hi!', 'b-c': '2', S_p: 'hi', late: '$(later)', url: 'http://10.0.0.9' });
  });

  test('Services of the namespace and the API server are announced', async () => {
    const env = await envOf({});
    expect(env).toMatchObject({
      MY_SVC_SERVICE_HOST: '10.0.0.9',
      MY_SVC_SERVICE_PORT: '80',
      MY_SVC_SERVICE_PORT_HTTP: '80',
      MY_SVC_PORT: 'tcp://10.0.0.9:80',
      MY_SVC_PORT_80_TCP_ADDR: '10.0.0.9',
      MY_SVC_PORT_53_UDP: 'udp://10.0.0.9:53',
      MY_SVC_PORT_53_UDP_PROTO: 'udp',
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
      KUBERNETES_SERVICE_PORT_HTTPS: '443',
    });
    expect(Object.keys(env).filter((name) => /^(NONE|OTHER)/.test(name))).toEqual([]);
  });

  test('the downward API answers fields and resources', async () => {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const env = await envOf({
      env: [
        field('IP', 'status.podIP'),
        field('LABEL', "metadata.labels['a']"),
        field('ANNOTATION', "metadata.annotations['x/y']"),
        { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      ],
    });
    expect(env).toMatchObject({ IP: '10.1.1.1', LABEL: '"1"', ANNOTATION: 'z', CPU: '2' });
  });

  test.each([
    [{ configMapKeyRef: { name: 'no', key: 'a' } }, 'configmap "no" not found'],
    [{ secretKeyRef: { name: 'no', key: 'a' } }, 'secret "no" not found'],
    [{ configMapKeyRef: { name: 'cm', key: 'zz' } }, "couldn't find key zz in ConfigMap ns/cm"],
    [{ secretKeyRef: { name: 's', key: 'zz' } }, "couldn't find key zz in Secret ns/s"],
  ])('%j fails with %s, and is skipped when optional', async (valueFrom, message) => {
    await expect(envOf({ env: [{ name: 'X', valueFrom }] })).rejects.toThrow(message);
    const [kind, reference] = Object.entries(valueFrom)[0]!;
    const optional = { [kind]: { ...reference, optional: true } };
    expect(await envOf({ env: [{ name: 'X', valueFrom: optional }] })).not.toHaveProperty('X');
  });
});

test.each([
  ['limits.cpu', '1m', '1500'],
  ['limits.memory', '1Mi', '2048'],
  ['requests.cpu', '1', '0'],
])('%s in %s is %s', (resource, divisor, value) => {
  expect(resourceValue({ resource, divisor, containerName: 'c' }, context)).toBe(value);
});

test.each([
  ['limits.memory', '1Mi', '64'],
  ['limits.cpu', '1', '4'],
])(
  'what limits the whole Pod is the limit of a container that has none: %s / %s',
  (resource, divisor, value) => {
    const pod = {
      ...context.pod,
      spec: { containers: [{ name: 'c' }], resources: { limits: { memory: '64Mi' } } },
    };
    expect(resourceValue({ resource, divisor, containerName: 'c' }, { ...context, pod })).toBe(value);
  },
);

describe('volumes', () => {
  const read = async (volume: object) =>
    Array.from(await volumeFiles({ name: 'v', ...volume } as never, context), ([path, { data, mode }]) => [
      path,
      Buffer.from(data).toString(),
      mode.toString(8),
    ]);
  test('a ConfigMap gives all its keys, or the items asked for', async () => {
    expect(await read({ configMap: { name: 'cm' } })).toEqual([
      ['a', '1', '644'],
      ['b-c', '2', '644'],
      ['bin', '\0\u0001', '644'],
    ]);
    const items = [{ key: 'a', path: 'deep/one', mode: 0o400 }];
    expect(await read({ configMap: { name: 'cm', items } })).toEqual([['deep/one', '1', '400']]);
  });
  test('projected sources are laid over each other', async () => {
    const projected = {
      defaultMode: 0o440,
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: 600 } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      ],
    };
    expect(await read({ projected })).toEqual([
      ['token', 'token of default for api', '440'],
      ['ca.crt', 'PEM', '440'],
      ['labels', 'a="\\"1\\""\nb="2"', '440'],
    ]);
  });
  test('what is not there is said, unless optional', async () => {
    await expect(read({ secret: { secretName: 'no' } })).rejects.toThrow('secret "no" not found');
    expect(await read({ secret: { secretName: 'no', optional: true } })).toEqual([]);
    const items = [{ key: 'zz', path: 'x' }];
    await expect(read({ configMap: { name: 'cm', items } })).rejects.toThrow('non-existent config key: zz');
  });
});

test.each([
  [{}, ['prog', 'x']],
  [{ args: ['$(A)'] }, ['prog', '1']],
  [{ command: ['sh'] }, ['sh']],
  [{ command: ['sh'], args: ['-c'] }, ['sh', '-c']],
])('%j runs %j', (container, line) => {
  expect(commandLine({ name: 'c', ...container }, { command: ['prog'], args: ['x'] }, { A: '1' })).toEqual(
    line,
  );
});

test.each([
  { policy: 'Always', init: false, code: 0, again: true },
  { policy: 'OnFailure', init: false, code: 0, again: false },
  { policy: 'OnFailure', init: false, code: 1, again: true },
  { policy: 'Never', init: false, code: 1, again: false },
  { policy: 'Always', init: true, code: 0, again: false },
  { policy: 'Always', init: true, code: 1, again: true },
  { policy: 'Never', init: true, code: 1, again: false },
])('$policy, init $init, exit $code: restart $again', ({ policy, init, code, again }) => {
  expect(restarts({ containers: [], restartPolicy: policy as never }, { name: 'c' }, init, code)).toBe(again);
});

test('back-off doubles to its maximum and forgets after twice that', () => {
  let state = raiseBackOff(undefined, kubeletBackOff, 0, 0);
  const delays = Array.from({ length: 7 }, (_, i) => {
    const { delayMs } = state;
    state = raiseBackOff(state, kubeletBackOff, i, i);
    return delayMs / 1000;
  });
  expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300]);
  expect(raiseBackOff(state, kubeletBackOff, 600_007, 600_007).delayMs).toBe(10_000);
  expect(backOffLeft(undefined, 0, 0)).toBe(0);
  expect(['10s', '1m20s', '5m0s', '500ms', '1h0m0s']).toEqual(
    [10_000, 80_000, 300_000, 500, 3_600_000].map(goDuration),
  );
});

test('a probe settles by its thresholds', () => {
  const probe = { failureThreshold: 2, successThreshold: 2, periodSeconds: 5, initialDelaySeconds: 1 };
  let state = firstProbe(probe, 1000);
  expect(state.dueAt).toBe(2000);
  const outcomes = [false, true, true, false, false].map((ok) => {
    state = probed(probe, state, ok, state.dueAt);
    return state.passed;
  });
  expect(outcomes).toEqual([undefined, undefined, true, true, false]);
  expect(state.dueAt).toBe(27_000);
});

test('the tail counts whole lines', () => {
  const line = (text: string, partial = false) => ({ time: '', text, partial });
  const lines = [line('a'), line('b1', true), line('b2'), line('c')];
  expect(selectLines(lines, { tailLines: 2 }).map(({ text }) => text)).toEqual(['b1', 'b2', 'c']);
  expect(selectLines(lines, { tailLines: 0 })).toEqual([]);
  expect(selectLines(lines, { tailLines: 9 })).toHaveLength(4);
});

test.each([
  [
    { waiting: { reason: 'ContainerCreating' } },
    'container "c" in pod "p" is waiting to start: ContainerCreating',
  ],
  [{ waiting: { reason: 'ImagePullBackOff' } }, 'is waiting to start: trying and failing to pull image'],
])('logs of %j: %s', (state, message) => {
  const status = { name: 'c', state, ready: false, restartCount: 0, image: '', imageID: '' };
  expect(() => logTarget([status], 'c', 'p', false)).toThrow(message);
  expect(() => logTarget([status], 'd', 'p', false)).toThrow('container "d" in pod "p" is not available');
  expect(() => logTarget([status], 'c', 'p', true)).toThrow(
    'previous terminated container "c" in pod "p" not found',
  );
});
