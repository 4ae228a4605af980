import { expect, test } from '@jest/globals';
import { createMeter } from '../../src/shared/api/metrics/meter.ts';
import { testServer } from '../../src/shared/api/testing/testingServer.ts';
import type { Client } from '../../src/shared/client/client.ts';
import { inProcessClients, inProcessExchange, systemAccount } from '../../src/shared/client/inProcess.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import {
  apiServices,
  deployments,
  endpointSlices,
  horizontalPodAutoscalers,
  pods,
  services,
} from '../../src/shared/controllers/resources.ts';
import { createFakePods } from '../../src/shared/fake/pods.ts';
import { cpuAnnotation } from '../../src/shared/fake/statistics.ts';
import type { APIService, EndpointSlice, MetricSpec, Service } from '../../src/shared/kinds/schema/types.ts';
import type { OtherServers } from '../../src/shared/ports/otherServers.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import {
  closeWorld,
  createWorld,
  deploymentOf,
  eventuallySecondly,
  isRunning,
} from '../support/controllers/world.ts';

const target = { type: 'Utilization', averageUtilization: 50 };
const metrics: Record<string, MetricSpec> = {
  Resource: { type: 'Resource', resource: { name: 'cpu', target } },
  ContainerResource: {
    type: 'ContainerResource',
    containerResource: { name: 'cpu', container: 'c', target },
  },
};

test.each(Object.keys(metrics))(
  'load raises replicas and silence lowers them, by a %s metric',
  async (type) => {
    const clock = new ManualClock();
    const storage = openMemoryStorage({ clock });
    const runtime = createFakePods({ clock });
    const { handle } = await testServer({ clock, storage, meter: createMeter(runtime.statistics, clock) });
    const clients = inProcessClients(handle, (cluster, uid) => storage.owned(cluster, uid));
    const ports = { statistics: runtime.statistics };
    const world = createWorld({ clock, storage, runtime, clients, ports });
    const { client, manager } = world;
    await manager.start();
    const web = deploymentOf('web', 1);
    const container = { name: 'c', image: 'app:1', resources: { requests: { cpu: '1' } } };
    web.spec!.template!.spec!.containers = [container, { ...container, name: 'side' }];
    await client.create(deployments, web);
    await client.create(horizontalPodAutoscalers, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 1,
        maxReplicas: 4,
        metrics: [metrics[type]!],
      },
    });
    const replicas = async () => (await client.get(deployments, 'default', 'web'))?.spec?.replicas;
    const reaches = (wanted: number, seconds: number) =>
      eventuallySecondly(clock, async () => (await replicas()) === wanted, seconds);

    await eventuallySecondly(clock, async () => (await client.list(pods)).some(isRunning), 60);
    await use(client, '1');
    await reaches(2, 600);
    await use(client, '3');
    await reaches(4, 600);
    await use(client, '0');
    await reaches(1, 1200);
    const { status } = (await client.get(horizontalPodAutoscalers, 'default', 'web'))!;
    expect(status?.conditions?.find((c) => c.type === 'ScalingActive')).toMatchObject({
      status: 'True',
      reason: 'ValidMetricFound',
    });
    await closeWorld(world);
  },
);

/** Every Pod that is there uses so many cores in each container. */
async function use(client: Client, cores: string): Promise<void> {
  for (const { metadata } of await client.list(pods))
    await client.patch(pods, 'default', metadata.name ?? '', {
      metadata: { annotations: { [cpuAnnotation]: cores } },
    });
}

const apiServiceOf = (group: string, version: string): APIService => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: `${version}.${group}` },
  spec: {
    ...{ group, version, groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true },
    service: { namespace: 'default', name: 'adapter', port: 443 },
  },
});

const adapterService: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'adapter', namespace: 'default' },
  spec: { ports: [{ port: 443 }] },
};
const adapterEndpoints: EndpointSlice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    ...{ name: 'adapter', namespace: 'default' },
    labels: { 'kubernetes.io/service-name': 'adapter' },
  },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }],
  ports: [{ name: '', port: 6443 }],
};

/** A server of metrics: each Pod, each object and the world outside have so much of everything. */
function adapter() {
  const told: { value: string; users: Set<string>; client?: Client } = { value: '1', users: new Set() };
  const server: OtherServers = {
    async send(_cluster, { spec }, { path, headers }) {
      for (const [name, value] of headers) if (name === 'x-remote-user') told.users.add(value);
      const names = path.includes('/pods/*/')
        ? (await told.client!.list(pods)).map(({ metadata }) => metadata.name)
        : ['only'];
      const items = names.map((name) => ({ describedObject: { name }, value: told.value }));
      const kind = path.split('/').length > 4 ? 'MetricValueList' : 'APIResourceList';
      const body = Buffer.from(
        JSON.stringify({ kind, groupVersion: `${spec?.group}/v1`, items, resources: [] }),
      );
      return {
        status: 200,
        headers: [['content-type', 'application/json']],
        body: (async function* () {
          yield body;
        })(),
      };
    },
  };
  return Object.assign(told, { server });
}

const metric = { name: 'hits' };
const byOthers: MetricSpec[] = [
  { type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue: '10' } } },
  {
    type: 'Object',
    object: {
      metric,
      describedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      target: { type: 'Value', value: '10' },
    },
  },
  { type: 'External', external: { metric, target: { type: 'AverageValue', averageValue: '10' } } },
];

/** A Deployment of one Pod with its autoscaler, where metrics are told by others or, without them, by nobody. */
async function worldOf(spec: MetricSpec, others: OtherServers | undefined) {
  const clock = new ManualClock();
  const storage = openMemoryStorage({ clock });
  const { handle } = await testServer({
    ...{ clock, storage, proxyRemedy: 'the API is not in the network of Pods' },
    ...(others && { otherServers: others }),
  });
  const clients = inProcessClients(handle, (cluster, uid) => storage.owned(cluster, uid));
  const world = createWorld({
    ...{ clock, storage, clients },
    env: {
      exchangeAs: (account, cluster) => inProcessExchange(handle, clock, cluster, systemAccount(account)),
      ...(others && { otherServers: others }),
    },
  });
  const { client, manager } = world;
  for (const group of ['custom.metrics.k8s.io', 'external.metrics.k8s.io'])
    await client.create(apiServices, apiServiceOf(group, 'v1beta1'));
  await client.create(services, adapterService);
  await client.create(endpointSlices, adapterEndpoints);
  await manager.start();
  await client.create(deployments, deploymentOf('web', 1));
  await client.create(horizontalPodAutoscalers, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      ...{ minReplicas: 1, maxReplicas: 4, metrics: [spec] },
    },
  });
  return { clock, world, client };
}

test.each(byOthers)('a metric of type $type that another server tells moves replicas', async (spec) => {
  const told = adapter();
  const { clock, world, client } = await worldOf(spec, told.server);
  told.client = client;
  const reaches = (wanted: number) =>
    eventuallySecondly(
      clock,
      async () => (await client.get(deployments, 'default', 'web'))?.spec?.replicas === wanted,
      600,
    );
  told.value = '25';
  await reaches(spec.type === 'External' ? 3 : 4);
  told.value = '0';
  await reaches(1);
  expect([...told.users]).toContain('system:serviceaccount:kube-system:horizontal-pod-autoscaler');
  await closeWorld(world);
});

test.each(byOthers)(
  'a metric of type $type where no server is reached: a condition says so',
  async (spec) => {
    const { clock, world, client } = await worldOf(spec, undefined);
    const active = async () =>
      (await client.get(horizontalPodAutoscalers, 'default', 'web'))?.status?.conditions?.find(
        ({ type }) => type === 'ScalingActive',
      );
    await eventuallySecondly(clock, async () => (await active()) !== undefined, 120);
    expect(await active()).toMatchObject({
      status: 'False',
      reason: `FailedGet${spec.type}Metric`,
      message: expect.stringContaining(
        'is served by service default/adapter, which this server does not reach: the API is not in the network of Pods',
      ),
    });
    await closeWorld(world);
  },
);
