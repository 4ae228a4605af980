import { deployments, logicalClusters, pods, services } from '../../../src/shared/controllers/resources.ts';
import { isReason } from '../../../src/shared/errors/apiError.ts';
import type { Service } from '../../../src/shared/kinds/schema/types.ts';
import { deploymentOf } from '../controllers/world.ts';
import type { QueueProcess } from './queueProcess.ts';
import type { QueueWorld } from './queueWorld.ts';

const names = ['a', 'b'];

const serviceOf = (name: string): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: {
    type: 'LoadBalancer',
    clusterIP: '10.0.0.1',
    selector: { app: name },
    ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
  },
});

/** What people and programs do to a cluster, at random. `force`: Pods are also deleted at once, without grace. */
export async function tellStory(world: QueueWorld, steps: number): Promise<void> {
  const pick = (n: number) => Math.floor(world.random() * n);
  const user = world.open();
  const acts: Promise<unknown>[] = [];
  const act = (run: Promise<unknown>) => acts.push(run.catch(expected));
  for (const name of names) act(user.client.create(deployments, deploymentOf(name, 1 + pick(3))));
  act(user.client.create(services, serviceOf('a')));
  if (pick(3) === 0) act(lifeOfACluster(world, user, pick(6_000)));
  await world.pass(1_000);
  for (let step = 0; step < steps; step++) {
    act(change(world, user, names[pick(names.length)]!, pick));
    await world.pass(pick(1_500));
  }
  world.calm();
  await world.pass(10_000);
  await Promise.all(acts);
}

async function change(
  world: QueueWorld,
  { client }: QueueProcess,
  name: string,
  pick: (n: number) => number,
) {
  const there = await client.get(deployments, 'default', name);
  switch (pick(7)) {
    case 0:
      if (there) await client.patch(deployments, 'default', name, { spec: { replicas: pick(5) } });
      break;
    case 1:
    case 2:
      if (there)
        await client.patch(deployments, 'default', name, {
          spec: { template: { spec: { containers: [{ name: 'c', image: `app:${pick(3)}` }] } } },
        });
      break;
    case 3: {
      const all = await client.list(pods);
      const pod = all[pick(all.length)];
      const grace = pick(3) === 0 ? { gracePeriodSeconds: 0 } : {};
      if (pod) await client.delete(pods, 'default', pod.metadata.name ?? '', grace);
      break;
    }
    case 4: {
      const refs = await world.runtime.list();
      const ref = refs[pick(refs.length)];
      if (ref && (await world.runtime.observe(ref))?.containerStatuses[0]?.state?.running)
        world.runtime.crash(ref, 'c', 1);
      break;
    }
    case 5:
      if (!there) await client.create(deployments, deploymentOf(name, 1 + pick(3)));
      else if (pick(2) === 0) await client.delete(deployments, 'default', name);
      break;
    default: {
      const service = await client.get(services, 'default', 'a');
      if (!service) await client.create(services, serviceOf('a'));
      else if (pick(3) === 0) await client.delete(services, 'default', 'a');
    }
  }
}

/** One that is deleted while its first Pods may still be on their way. */
async function lifeOfACluster(world: QueueWorld, user: QueueProcess, ms: number): Promise<void> {
  await user.client.create(logicalClusters, {
    apiVersion: 'shallop.dev/v1',
    kind: 'LogicalCluster',
    metadata: { name: 'red' },
  });
  await user.clients('red').create(deployments, deploymentOf('r', 2));
  await world.clock.sleep(ms);
  if (ms < 4_000) await user.client.delete(logicalClusters, '', 'red');
}

/** A rival write came first, the object is gone, or nobody knows: a client of a real server sees the same. */
function expected(error: unknown): void {
  if (!isReason(error, 'Conflict', 'NotFound', 'AlreadyExists', 'ServiceUnavailable')) throw error;
}
