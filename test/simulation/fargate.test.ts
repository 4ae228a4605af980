import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openFargatePods } from '../../src/aws/drivers/pods/index.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { deployments, leases, nodes, pods } from '../../src/shared/controllers/resources.ts';
import type { Pod, PodSpec } from '../../src/shared/kinds/schema/types.ts';
import { silentLogger } from '../../src/shared/observability/logger.ts';
import { FakeEcs } from '../support/aws/fakeEcs.ts';
import { awsError } from '../support/aws/fakeEcsChecks.ts';
import { settings } from '../support/aws/fakeEcsWorld.ts';
import {
  closeWorld,
  createWorld,
  deploymentOf,
  eventuallySecondly,
  type World,
} from '../support/controllers/world.ts';

/** The whole control plane over Fargate, with ECS in memory. */
let world: World;
let clock: ManualClock;
let ecs: FakeEcs;
beforeEach(async () => {
  clock = new ManualClock();
  ecs = new FakeEcs({ clock, startMs: 20_000 });
  const clients = { ecs: ecs as never, logs: ecs.logs as never };
  const common = { clock, ids: seededIds(2), log: silentLogger, pollMs: 1000 };
  world = createWorld({ clock, ports: { pods: openFargatePods({ ...settings, ...clients, ...common }) } });
  await world.manager.start();
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 600);
const live = () => ecs.tasks().filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
/** What was asked of RunTask, each attempt once: the first of a template is asked for twice. */
const runs = (): Record<string, unknown>[] => [
  ...new Map(
    ecs.calls.filter(({ name }) => name === 'RunTask').map(({ input }) => [input.clientToken, input]),
  ).values(),
];
const ready = async (): Promise<Pod[]> =>
  (await world.client.list(pods)).filter(
    ({ metadata, status }) =>
      !metadata.deletionTimestamp &&
      status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
  );
const readyAre = (count: number) => until(async () => (await ready()).length === count);
const deploy = (replicas: number, spec: Partial<PodSpec> = {}, image?: string) => {
  const deployment = deploymentOf('web', replicas, image);
  Object.assign(deployment.spec!.template.spec!, spec);
  return world.client.create(deployments, deployment);
};

test('a Deployment is as many tasks, over the zones, and follows its image, its scale and its end', async () => {
  await deploy(4);
  await readyAre(4);
  const uids = (await ready()).map(({ metadata }) => metadata.uid).sort();
  expect(
    live()
      .map(({ startedBy }) => startedBy)
      .sort(),
  ).toEqual(uids);
  const zones = runs().map((input) => JSON.stringify(input).match(/subnet-\w/)?.[0]);
  expect(zones.sort()).toEqual(['subnet-a', 'subnet-a', 'subnet-b', 'subnet-b']);
  expect(ecs.definitions.size).toBe(1);

  await world.client.patch(deployments, 'default', 'web', {
    spec: { template: { spec: { containers: [{ name: 'c', image: 'app:2' }] } } },
  });
  await until(() => live().length === 4 && live().every((t) => t.containers?.[0]?.image === 'app:2'));
  await readyAre(4);
  await world.client.patch(deployments, 'default', 'web', { spec: { replicas: 1 } });
  await until(() => live().length === 1);
  await world.client.delete(deployments, 'default', 'web');
  await until(async () => live().length === 0 && (await world.client.list(pods)).length === 0);
});

test('a Pod outlives its task; an interrupted Spot task costs the Pod, and there is another', async () => {
  await deploy(2, { nodeSelector: { 'shallop.dev/capacity-type': 'spot' } });
  await readyAre(2);
  for (const { capacityProviderStrategy } of runs())
    expect(capacityProviderStrategy).toEqual([{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]);
  const [first, second] = live();
  ecs.stopTask(first?.taskArn ?? '', 'UserInitiated', 'by hand');
  await until(async () => (await ready()).some((p) => p.status?.containerStatuses?.[0]?.restartCount === 1));
  await readyAre(2);
  expect(await world.client.list(pods)).toHaveLength(2);
  ecs.stopTask(second?.taskArn ?? '', 'SpotInterruption', 'Your Spot Task was interrupted.');
  await until(async () => (await world.client.list(pods)).some((p) => p.status?.reason === 'Evicted'));
  await readyAre(2);
  expect(live().map(({ startedBy }) => startedBy)).not.toContain(second?.startedBy);
});

test('a task that runs for a Pod that has ended is stopped, and its object stays as it is', async () => {
  await deploy(1);
  await readyAre(1);
  const [pod] = await ready();
  // As after a start that was under way when the Pod came to its end, and whose process died.
  await world.client.updateStatus(pods, { ...pod!, status: { ...pod!.status, phase: 'Failed' } });
  await until(() => !live().some(({ startedBy }) => startedBy === pod?.metadata.uid));
  await until(() => live().length === 1);
  expect(await world.client.get(pods, 'default', pod?.metadata.name ?? '')).toMatchObject({
    status: { phase: 'Failed' },
  });
});

test('at the account’s quota Pods wait, saying so, and go on when there is room', async () => {
  const full = "You've reached the limit on the number of vCPUs you can run concurrently";
  ecs.failNext('RunTask', awsError('ClientException', full), 1000);
  await deploy(2);
  const why = ({ status }: Pod) => status?.conditions?.find((c) => c.type === 'PodReadyToStartContainers');
  await until(async () => {
    const all = await world.client.list(pods);
    return all.length === 2 && all.every((p) => why(p)?.reason === 'QuotaExceeded');
  });
  ecs.calm();
  await readyAre(2);
});

test('a Pod costs three calls until it is ready, whatever its reports wake', async () => {
  await deploy(1);
  await readyAre(1);
  ecs.calls.length = 0;
  await world.client.patch(deployments, 'default', 'web', { spec: { replicas: 2 } });
  await readyAre(2);
  for (let i = 0; i < 60; i++) await clock.advance(1000);
  // Polling, which stands for ECS's events here, asks for all tasks, and for each by its ARN.
  const polls = ({ name, input }: (typeof ecs.calls)[number]) =>
    (name === 'ListTasks' && !input.startedBy) ||
    (name === 'DescribeTasks' && `${(input.tasks as string[])[0]}`.startsWith('arn:'));
  expect(ecs.calls.filter((call) => !polls(call)).map(({ name }) => name)).toEqual([
    'ListTasks',
    'RunTask',
    'DescribeTasks',
  ]);
});

test('Nodes that are no machines cost nothing while nothing happens', async () => {
  await until(async () => (await world.client.list(leases)).length === 8);
  const state = async () =>
    [...(await world.client.list(nodes)), ...(await world.client.list(leases))].map(
      ({ metadata }) => metadata.resourceVersion,
    );
  const before = await state();
  expect(before).toHaveLength(16);
  for (let i = 0; i < 60; i++) await clock.advance(60_000);
  expect(await state()).toEqual(before);
});
