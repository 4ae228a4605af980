import { describe, expect, test } from '@jest/globals';
import { testServer } from '../api/testing/testingServer.ts';
import { admissionPlugins } from './registry.ts';
import { addressRange, portRange } from './serviceaddresses/range.ts';

const pods = '/api/v1/namespaces/default/pods';
const services = '/api/v1/namespaces/default/services';
const containers = [{ name: 'c', image: 'a:1' }];
type Server = Awaited<ReturnType<typeof testServer>>;

const createPod = async ({ send }: Server, spec: object = {}) =>
  (await send(`POST ${pods}`, { body: { metadata: { generateName: 'p-' }, spec: { containers, ...spec } } }))
    .json;

describe('Pods', () => {
  test('get the default account, a token, tolerations and priority 0', async () => {
    const { spec } = await createPod(await testServer());
    const volume = spec.volumes[0].name;
    expect(volume).toMatch(/^kube-api-access-[b-z2-9]{5}$/);
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      serviceAccount: 'default',
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      containers: [
        {
          volumeMounts: [
            { name: volume, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
          ],
        },
      ],
    });
    expect(spec.tolerations.map((t: { key: string }) => t.key)).toEqual([
      'node.kubernetes.io/not-ready',
      'node.kubernetes.io/unreachable',
    ]);
  });

  test('may refuse the token, themselves or by their account', async () => {
    const server = await testServer();
    expect((await createPod(server, { automountServiceAccountToken: false })).spec.volumes).toBeUndefined();
    const account = { metadata: { name: 'shy' }, automountServiceAccountToken: false };
    await server.send('POST /api/v1/namespaces/default/serviceaccounts', { body: account });
    expect((await createPod(server, { serviceAccountName: 'shy' })).spec.volumes).toBeUndefined();
  });

  test('keep tolerations that cover the defaults', async () => {
    const tolerations = [{ operator: 'Exists' }];
    expect((await createPod(await testServer(), { tolerations })).spec.tolerations).toEqual(tolerations);
  });

  test.each([
    { spec: { priorityClassName: 'system-node-critical' }, priority: 2000001000 },
    { spec: {}, priority: 0 },
  ])('$spec has priority $priority', async ({ spec, priority }) => {
    expect((await createPod(await testServer(), spec)).spec.priority).toBe(priority);
  });
});

test('a Pod that is replaced without its priority keeps it', async () => {
  const server = await testServer();
  const pod = await createPod(server);
  const { priority, preemptionPolicy, ...spec } = pod.spec;
  const replaced = await server.send(`PUT ${pods}/${pod.metadata.name}`, { body: { ...pod, spec } });
  expect(replaced.json.spec).toMatchObject({ priority, preemptionPolicy });
  const other = { ...spec, priority: 7 };
  expect(
    (await server.send(`PUT ${pods}/${pod.metadata.name}`, { body: { ...pod, spec: other } })).status,
  ).toBe(422);
});

describe('classes of Pods', () => {
  const classes = 'POST /apis/scheduling.k8s.io/v1/priorityclasses';
  const runtimes = 'POST /apis/node.k8s.io/v1/runtimeclasses';
  const classNamed = (name: string, value: number, more: object = {}) => ({
    metadata: { name },
    value,
    ...more,
  });

  test('a PriorityClass gives its value and policy, from the moment it is there', async () => {
    const server = await testServer();
    expect(await createPod(server, { priorityClassName: 'high' })).toMatchObject({
      code: 403,
      message: expect.stringContaining('no PriorityClass with name high was found'),
    });
    await server.send(classes, { body: classNamed('high', 7, { preemptionPolicy: 'Never' }) });
    expect((await createPod(server, { priorityClassName: 'high' })).spec).toMatchObject({
      priority: 7,
      preemptionPolicy: 'Never',
    });
    expect(await createPod(server, { priorityClassName: 'high', priority: 8 })).toMatchObject({
      code: 403,
      message: expect.stringContaining('the integer value of priority (8) must not be provided in pod spec'),
    });
  });

  test('one PriorityClass may be that of Pods without one', async () => {
    const server = await testServer();
    await server.send(classes, { body: classNamed('usual', 3, { globalDefault: true }) });
    expect((await createPod(server)).spec).toMatchObject({ priorityClassName: 'usual', priority: 3 });
    const { json } = await server.send(classes, { body: classNamed('other', 4, { globalDefault: true }) });
    expect(json).toMatchObject({
      code: 403,
      message: expect.stringContaining('PriorityClass usual is already marked as default'),
    });
  });

  test('a RuntimeClass gives overhead, node selector and tolerations', async () => {
    const server = await testServer();
    const tolerations = [{ key: 'sandboxed', operator: 'Exists' }];
    await server.send(runtimes, {
      body: {
        metadata: { name: 'heavy' },
        handler: 'vm',
        overhead: { podFixed: { memory: '64Mi' } },
        scheduling: { nodeSelector: { vm: 'yes' }, tolerations },
      },
    });
    const { spec } = await createPod(server, { runtimeClassName: 'heavy' });
    expect(spec).toMatchObject({ overhead: { memory: '64Mi' }, nodeSelector: { vm: 'yes' } });
    expect(spec.tolerations).toEqual(expect.arrayContaining([expect.objectContaining(tolerations[0]!)]));
  });

  test.each([
    [{ runtimeClassName: 'none' }, 'pod rejected: RuntimeClass "none" not found'],
    [{ runtimeClassName: 'heavy', overhead: { cpu: '1' } }, "doesn't match RuntimeClass's defined Overhead"],
    [{ overhead: { cpu: '1' } }, 'Pod Overhead set without corresponding RuntimeClass defined Overhead'],
    [
      { runtimeClassName: 'heavy', nodeSelector: { vm: 'no' } },
      'conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no',
    ],
  ])('%j is refused: %s', async (spec, why) => {
    const server = await testServer();
    await server.send(runtimes, {
      body: {
        metadata: { name: 'heavy' },
        handler: 'vm',
        overhead: { podFixed: { memory: '64Mi' } },
        scheduling: { nodeSelector: { vm: 'yes' } },
      },
    });
    expect(await createPod(server, spec)).toMatchObject({ code: 403, message: expect.stringContaining(why) });
  });
});

describe('claims and volumes', () => {
  const claims = 'POST /api/v1/namespaces/default/persistentvolumeclaims';
  const claim = (name: string, spec: object = {}, annotations = {}) => ({
    metadata: { name, annotations },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  });
  const storageClass = (name: string, isDefault: string) => ({
    metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': isDefault } },
    provisioner: 'example.com/disk',
  });

  test('are kept while somebody uses them', async () => {
    const { send } = await testServer();
    const { json } = await send(claims, { body: claim('a') });
    expect(json.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    const volume = {
      metadata: { name: 'v' },
      spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/data' } },
    };
    const answer = await send('POST /api/v1/persistentvolumes', { body: volume });
    expect(answer.json.metadata.finalizers).toEqual(['kubernetes.io/pv-protection']);
  });

  test('a claim gets the default class unless it names one, or none', async () => {
    const { send } = await testServer();
    const classOf = async (...of: Parameters<typeof claim>) =>
      (await send(claims, { body: claim(...of) })).json.spec.storageClassName;
    expect(await classOf('early')).toBeUndefined();
    for (const body of [storageClass('slow', 'false'), storageClass('fast', 'true')])
      await send('POST /apis/storage.k8s.io/v1/storageclasses', { body });
    expect(await classOf('a')).toBe('fast');
    expect(await classOf('b', { storageClassName: 'slow' })).toBe('slow');
    expect(await classOf('c', { storageClassName: '' })).toBe('');
    expect(await classOf('d', {}, { 'volume.beta.kubernetes.io/storage-class': 'x' })).toBeUndefined();
  });
});

describe('Services', () => {
  const create = async ({ send }: Server, name: string, spec: object) =>
    send(`POST ${services}`, { body: { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } } });

  test('get an address and node ports that nobody else has', async () => {
    const server = await testServer();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => create(server, `s${i}`, { type: 'LoadBalancer' })),
    );
    const specs = answers.map(({ json }) => json.spec);
    expect(new Set(specs.map(({ clusterIP }) => clusterIP)).size).toBe(20);
    expect(new Set(specs.map(({ ports }) => ports[0].nodePort)).size).toBe(20);
  });

  test('get what they ask for, once', async () => {
    const server = await testServer();
    const wish = { type: 'NodePort', clusterIP: '10.96.7.7', ports: [{ port: 80, nodePort: 30080 }] };
    expect((await create(server, 'a', wish)).json.spec).toMatchObject({ clusterIPs: ['10.96.7.7'] });
    expect((await create(server, 'b', wish)).json.message).toBe(
      'Service "b" is invalid: spec.clusterIPs: Invalid value: ["10.96.7.7"]: failed to allocate IP 10.96.7.7: provided IP is already allocated',
    );
    expect((await create(server, 'b', { ...wish, clusterIP: undefined })).json.message).toBe(
      'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
    );
  });

  test('C5: hold a node port in their logical cluster only, and an address in all', async () => {
    const server = await testServer();
    await server.send('POST /apis/shallop.dev/v1/logicalclusters', { body: { metadata: { name: 'red' } } });
    await server.send('POST /clusters/red/api/v1/namespaces', { body: { metadata: { name: 'default' } } });
    const wish = { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] };
    const inRed = (name: string, spec: object) =>
      server.send(`POST /clusters/red${services}`, { body: { metadata: { name }, spec } });
    const first = await create(server, 'a', wish);
    expect((await inRed('a', wish)).status).toBe(201);
    expect((await inRed('b', wish)).json.message).toMatch(/30080: provided port is already allocated$/);
    expect((await create(server, 'b', wish)).json.message).toMatch(
      /30080: provided port is already allocated$/,
    );
    const { clusterIP } = first.json.spec;
    expect((await inRed('c', { clusterIP, ports: [{ port: 80 }] })).json.message).toMatch(
      /provided IP is already allocated$/,
    );
    expect((await held(server)).filter((value) => value.startsWith('30'))).toEqual(['30080', '30080@red']);
    await server.send(`DELETE /clusters/red${services}/a`);
    expect((await inRed('b', wish)).status).toBe(201);
  });

  test('that are refused hold nothing', async () => {
    const server = await testServer();
    await create(server, 'a', {});
    const before = await held(server);
    expect((await create(server, 'a', { type: 'NodePort' })).status).toBe(409);
    expect(await held(server)).toEqual(before);
  });

  test('leave their address to others when they go, at once', async () => {
    const server = await testServer();
    const wish = { clusterIP: '10.96.7.7' };
    await create(server, 'a', wish);
    await server.send(`DELETE ${services}/a`);
    expect((await create(server, 'b', wish)).status).toBe(201);
    expect((await create(server, 'c', wish)).status).toBe(422);
  });

  test('hold one port for two protocols, and no longer than they have it', async () => {
    const server = await testServer();
    const ports = ['TCP', 'UDP'].map((protocol) => ({
      name: protocol.toLowerCase(),
      port: 80,
      nodePort: 30053,
      protocol,
    }));
    const { json } = await create(server, 'dns', { type: 'NodePort', clusterIP: '10.96.7.7', ports });
    expect(json.spec.ports.map((p: { nodePort: number }) => p.nodePort)).toEqual([30053, 30053]);
    expect(await held(server)).toEqual(['10.96.7.7', '30053']);
    const headers = { 'content-type': 'application/merge-patch+json' };
    const patch = (body: object) => server.send(`PATCH ${services}/dns`, { headers, body });
    await patch({ spec: { ports: [{ ...ports[0], nodePort: 30054 }] } });
    expect(await held(server)).toEqual(['10.96.7.7', '30054']);
    await patch({ spec: { type: 'ClusterIP', ports: [{ name: 'tcp', port: 80 }] } });
    expect(await held(server)).toEqual(['10.96.7.7']);
  });

  test('are refused in updates what others hold, and stay as they were', async () => {
    const server = await testServer();
    await create(server, 'a', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
    await create(server, 'b', {});
    const { json } = await server.send(`PATCH ${services}/b`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
    });
    expect(json.message).toBe(
      'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
    );
    expect((await server.send(`GET ${services}/b`)).json.spec.type).toBe('ClusterIP');
  });

  test('are told by a dry run what would be refused, and hold nothing after it', async () => {
    const server = await testServer();
    await create(server, 'a', {
      type: 'NodePort',
      clusterIP: '10.96.7.7',
      ports: [{ port: 80, nodePort: 30080 }],
    });
    const before = await held(server);
    const dry = (spec: object) =>
      server.send(`POST ${services}?dryRun=All`, { body: { metadata: { name: 'b' }, spec } });
    expect((await dry({ clusterIP: '10.96.7.7', ports: [{ port: 80 }] })).json.message).toMatch(
      /provided IP is already allocated$/,
    );
    expect((await dry({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })).json.message).toMatch(
      /spec\.ports\[0\]\.nodePort: Invalid value: 30080: provided port is already allocated$/,
    );
    expect(
      (await dry({ type: 'NodePort', ports: [{ port: 80 }] })).json.spec.ports[0].nodePort,
    ).toBeGreaterThan(29_999);
    const again = await server.send(`PATCH ${services}/a?dryRun=All`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { metadata: { labels: { a: 'b' } } },
    });
    expect(again.status).toBe(200);
    expect(await held(server)).toEqual(before);
  });

  test('keep their address through changes, and get ports when their type asks for them', async () => {
    const server = await testServer();
    const { json } = await create(server, 'a', {});
    const patched = await server.send(`PATCH ${services}/a`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { type: 'NodePort' } },
    });
    expect(patched.json.spec.clusterIP).toBe(json.spec.clusterIP);
    expect(patched.json.spec.ports[0].nodePort).toBeGreaterThanOrEqual(30000);
  });

  test('find what is left of a range, and no address when all are taken', async () => {
    const { storage, clock, ids } = await testServer();
    const nodePorts = { first: 30000, last: 30009 };
    const admission = admissionPlugins({ storage, clock, ids, serviceCidr: '10.0.0.0/28', nodePorts });
    const server = await testServer({ storage, admission });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => create(server, `s${i}`, { type: 'NodePort' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect((await held(server)).filter((value) => value.startsWith('30'))).toHaveLength(10);
    expect((await create(server, 'one-more', { type: 'NodePort' })).json.message).toBe(
      'failed to allocate from 30000-30009: range is full',
    );
    for (const name of ['a', 'b', 'c', 'd']) expect((await create(server, name, {})).status).toBe(201);
    expect((await create(server, 'e', {})).json.message).toBe(
      'failed to allocate from 10.0.0.0/28: range is full',
    );
  });

  const held = async ({ storage }: Server) => [...(await storage.claims('services')).keys()].sort();
});

test.each([
  { range: addressRange('10.96.0.0/16'), first: '10.96.0.1', last: '10.96.255.254', out: '10.97.0.1' },
  { range: addressRange('192.168.1.0/30'), first: '192.168.1.1', last: '192.168.1.2', out: '192.168.1.3' },
  { range: portRange(30000, 30009), first: '30000', last: '30009', out: '30010' },
])('range $range.text', ({ range, first, last, out }) => {
  expect([range.at(0), range.at(range.size - 1)]).toEqual([first, last]);
  expect([first, last, out, 'x'].map(range.includes)).toEqual([true, true, false, false]);
});
