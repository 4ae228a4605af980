import { afterEach, expect, test } from '@jest/globals';
import type { Client } from '../../src/shared/client/client.ts';
import { deployments, horizontalPodAutoscalers, podMetrics } from '../../src/shared/controllers/resources.ts';
import { nodeMetrics } from '../../src/shared/kinds/metrics.k8s.io/v1beta1/nodemetrics/index.ts';
import { tellUsage } from '../support/aws/deployedKeepers.ts';
import { DeployedWorld } from '../support/aws/deployedWorld.ts';
import { deploymentOf } from '../support/controllers/world.ts';

/** The whole deployment: tasks tell the API what they use, and an autoscaler follows. */
let world: DeployedWorld;
let minutes: number;
afterEach(() => world.close());

async function asked<T>(run: (client: Client) => Promise<T>): Promise<T> {
  const answer = await world.finish(world.ask((clients) => run(clients('default'))));
  if (answer === 'crashed') throw new Error('nobody kills it here');
  return answer;
}

/** Of a minute: the resync, and what each Pod tells. */
async function minute(): Promise<number[]> {
  await world.resync(++minutes, minutes % 10 === 0);
  await world.pass(60_000);
  return tellUsage(world);
}

async function begin(podMetricsEvery?: number): Promise<void> {
  minutes = 0;
  world = new DeployedWorld(1, { ...(podMetricsEvery && { podMetrics: podMetricsEvery }) });
  await world.resync(0, true);
  await world.pass(60_000);
  const web = deploymentOf('web', 1);
  // Pods without a token as a file tell it too.
  web.spec!.template!.spec = {
    automountServiceAccountToken: false,
    containers: [{ name: 'c', image: 'app:1', resources: { requests: { cpu: '1' } } }],
  };
  await asked((client) => client.create(deployments, web));
  const target = { type: 'Utilization', averageUtilization: 50 };
  await asked((client) =>
    client.create(horizontalPodAutoscalers, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 1,
        maxReplicas: 4,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
      },
    }),
  );
}

const replicas = () =>
  asked(async (client) => (await client.get(deployments, 'default', 'web'))?.spec?.replicas);

/** How many minutes it takes. */
async function until(wanted: number, most: number): Promise<number> {
  for (let took = 1; took <= most; took++) {
    await minute();
    if ((await replicas()) === wanted) return took;
  }
  throw new Error(`there are ${await replicas()} replicas after ${most} minutes, not ${wanted}`);
}

test('load raises replicas within minutes, and silence lowers them when the window is over', async () => {
  await begin(60);
  world.cloud.ecs.cores.set('app:1', 1);
  expect(await until(2, 15)).toBeLessThanOrEqual(10);
  const listed = await asked((client) => client.list(podMetrics, { namespace: 'default' }));
  expect(listed[0]).toMatchObject({
    containers: [{ name: 'c', usage: { cpu: '1', memory: '64Mi' } }],
  });
  const nodes = await asked((client) => client.list(nodeMetrics));
  expect(nodes.some(({ usage }) => usage.cpu !== '0')).toBe(true);
  world.cloud.ecs.cores.set('app:1', 3);
  expect(await until(4, 15)).toBeLessThanOrEqual(10);
  while (world.cloud.running.length < 4) await minute();
  for (let each = 0; each < 3; each++)
    expect((await minute()).filter((status) => status !== 200)).toEqual([]);
  world.cloud.ecs.cores.set('app:1', 0);
  // Five minutes of the highest recommendation, from the first minute without load on.
  const took = await until(1, 15);
  expect(took).toBeGreaterThanOrEqual(5);
  expect(took).toBeLessThanOrEqual(9);
  const hpa = await asked((client) => client.get(horizontalPodAutoscalers, 'default', 'web'));
  expect(hpa?.status?.conditions?.find(({ type }) => type === 'ScalingActive')).toMatchObject({
    status: 'True',
    reason: 'ValidMetricFound',
  });
}, 600_000);

test('where nobody measures Pods none has a container for it, and the autoscaler says so', async () => {
  await begin();
  for (let each = 0; each < 3; each++) expect(await minute()).toEqual([]);
  expect(world.cloud.running).toHaveLength(1);
  expect(world.cloud.ecs.runningIn('shallop-tokens')).toEqual([]);
  const hpa = await asked((client) => client.get(horizontalPodAutoscalers, 'default', 'web'));
  expect(hpa?.status?.conditions?.find(({ type }) => type === 'ScalingActive')).toMatchObject({
    status: 'False',
    reason: 'FailedGetResourceMetric',
  });
}, 600_000);
