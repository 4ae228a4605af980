import { afterEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import {
  configMaps,
  deployments,
  endpointSlices,
  endpoints,
  events,
  leases,
  namespaces,
  nodes,
  pods,
  replicaSets,
  serviceAccounts,
  services,
} from '../../src/shared/controllers/resources.ts';
import type { Service } from '../../src/shared/kinds/schema/types.ts';
import {
  closeWorld,
  createWorld,
  deploymentOf,
  eventuallySecondly,
  isRunning,
  type World,
} from '../support/controllers/world.ts';

let world: World;
let clock: ManualClock;
const begin = async () => {
  clock = new ManualClock();
  world = createWorld({ clock });
  await world.manager.start();
  return world;
};
/** Lets time pass a second per look, so that grace and back-off end. */
const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);

afterEach(() => closeWorld(world));

const available = async (name: string) => {
  const d = await world.client.get(deployments, 'default', name);
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration } = d?.status ?? {};
  const wanted = d?.spec?.replicas;
  return (
    [replicas, updatedReplicas, availableReplicas].every((n) => n === wanted) &&
    observedGeneration === d?.metadata.generation
  );
};
const running = async () => (await world.client.list(pods)).filter((p) => !p.metadata.deletionTimestamp);

describe('every controller together', () => {
  test('a Deployment becomes Pods, conditions come in the recorded order, Events tell of it', async () => {
    const { client } = await begin();
    await client.create(deployments, deploymentOf('web', 3));
    await until(() => available('web'));
    const d = await client.get(deployments, 'default', 'web');
    expect(d?.status?.conditions?.map((c) => `${c.type}=${c.status} ${c.reason}`)).toEqual([
      'Available=True MinimumReplicasAvailable',
      'Progressing=True NewReplicaSetAvailable',
    ]);
    expect(d?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
    const all = await client.list(pods);
    expect(all.map(isRunning)).toEqual([true, true, true]);
    for (const pod of all) expect(pod.metadata.name).toMatch(/^web-[bcdf-hj-np-tv-xz2456789]+-[b-z2-9]{5}$/);
    await until(async () => (await client.list(events)).some((e) => e.reason === 'Scheduled'));
    const messages = (await client.list(events)).map((e) => `${e.reason}: ${e.message}`);
    expect(messages).toContainEqual(
      expect.stringMatching(/^ScalingReplicaSet: Scaled up replica set web-\w+ from 0 to 3$/),
    );
    expect(messages).toContainEqual(expect.stringMatching(/^Scheduled: Successfully assigned default\/web-/));
  });

  test('a new template rolls out, going back revives the old ReplicaSet under a new revision', async () => {
    const { client } = await begin();
    await client.create(deployments, deploymentOf('web', 3));
    await until(() => available('web'));
    const image = (name: string) =>
      client.patch(deployments, 'default', 'web', {
        spec: { template: { spec: { containers: [{ name: 'c', image: name }] } } },
      });
    await image('app:2');
    await until(async () => (await available('web')) && (await client.list(pods)).length === 3);
    await image('app:1');
    await until(async () => (await available('web')) && (await client.list(pods)).length === 3);
    const sets = await client.list(replicaSets);
    expect(sets).toHaveLength(2);
    const current = sets.find((rs) => rs.spec?.replicas === 3)?.metadata.annotations;
    expect(current).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
    expect(await world.runtime.list()).toHaveLength(3);
  });

  test('a deleted Pod is replaced under another name; deleting the Deployment leaves nothing', async () => {
    const { client } = await begin();
    await client.create(deployments, deploymentOf('web', 1));
    await until(() => available('web'));
    const [first] = await client.list(pods);
    await client.delete(pods, 'default', first?.metadata.name ?? '', { gracePeriodSeconds: 0 });
    await until(async () => (await available('web')) && (await client.list(pods)).length === 1);
    const [second] = await client.list(pods);
    expect(second?.metadata.name).not.toBe(first?.metadata.name);
    await client.delete(deployments, 'default', 'web', { propagationPolicy: 'Background' });
    await until(async () => (await client.list(pods)).length === 0);
    expect(await client.list(replicaSets)).toEqual([]);
    await until(async () => (await world.runtime.list()).length === 0);
  });

  test('foreground waits for the Pods, orphan leaves them', async () => {
    const { client } = await begin();
    await client.create(deployments, deploymentOf('fore', 2));
    await client.create(deployments, deploymentOf('orphan', 2));
    await until(async () => (await available('fore')) && (await available('orphan')));
    await client.delete(deployments, 'default', 'fore', { propagationPolicy: 'Foreground' });
    await until(async () => !(await client.get(deployments, 'default', 'fore')));
    expect((await running()).filter((p) => p.metadata.labels?.app === 'fore')).toEqual([]);
    await client.delete(deployments, 'default', 'orphan', { propagationPolicy: 'Orphan' });
    await until(async () => !(await client.get(deployments, 'default', 'orphan')));
    await until(async () => (await client.list(replicaSets)).length === 1);
    expect(await running()).toHaveLength(2);
  });

  test('a Service has endpoints, slices and an address; its removal frees them', async () => {
    const { client, loadBalancers } = await begin();
    const service: Service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front', namespace: 'default' },
      spec: {
        type: 'LoadBalancer',
        selector: { app: 'web' },
        ports: [{ protocol: 'TCP', port: 80, targetPort: 5000 }],
      },
    };
    await client.create(services, service);
    await client.create(deployments, deploymentOf('web', 120));
    await until(() => available('web'));
    const slices = async () =>
      (await client.list(endpointSlices)).filter(
        (s) => s.metadata.labels?.['kubernetes.io/service-name'] === 'front',
      );
    await until(async () => (await slices()).flatMap((s) => s.endpoints).length === 120);
    expect((await slices()).every((s) => s.endpoints.length <= 100)).toBe(true);
    expect((await slices())[0]).toMatchObject({
      addressType: 'IPv4',
      ports: [{ name: '', protocol: 'TCP', port: 5000 }],
    });
    await until(async () => {
      const e = await client.get(endpoints, 'default', 'front');
      return e?.subsets?.[0]?.addresses?.length === 120;
    });
    await until(
      async () => !!(await client.get(services, 'default', 'front'))?.status?.loadBalancer?.ingress?.length,
    );
    await client.delete(services, 'default', 'front');
    await until(async () => !(await client.get(services, 'default', 'front')));
    await until(
      async () => (await slices()).length === 0 && !(await client.get(endpoints, 'default', 'front')),
    );
    expect((await loadBalancers.list()).filter((s) => s.name === 'front')).toEqual([]);
  });

  test('a cluster begins with its namespaces, accounts, certificate, Node and Lease', async () => {
    const { client } = await begin();
    await until(
      async () => (await client.list(configMaps)).length === 4 && (await client.list(leases)).length === 1,
    );
    expect((await client.list(namespaces)).map((n) => n.metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    expect(await client.list(serviceAccounts)).toHaveLength(4);
    const [node] = await client.list(nodes);
    expect(node?.status?.conditions?.find((c) => c.type === 'Ready')?.status).toBe('True');
    expect((await client.get(endpoints, 'default', 'kubernetes'))?.subsets?.[0]?.ports?.[0]?.port).toBe(6443);
  });
});
