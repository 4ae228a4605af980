import { expect, test } from '@jest/globals';
import { createMeter } from '../../src/shared/api/metrics/meter.ts';
import { testServer } from '../../src/shared/api/testing/testingServer.ts';
import type { Client } from '../../src/shared/client/client.ts';
import { inProcessClients } from '../../src/shared/client/inProcess.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { deployments, horizontalPodAutoscalers, pods } from '../../src/shared/controllers/resources.ts';
import { createFakePods } from '../../src/shared/fake/pods.ts';
import { cpuAnnotation } from '../../src/shared/fake/statistics.ts';
import type { MetricSpec } from '../../src/shared/kinds/schema/types.ts';
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
