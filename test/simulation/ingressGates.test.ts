import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { balancersNow } from '../../src/aws/balancers.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { ingresses, pods, services } from '../../src/shared/controllers/resources.ts';
import { ApiError } from '../../src/shared/errors/apiError.ts';
import { FakeIngresses } from '../../src/shared/fake/ingresses.ts';
import type { Pod, Service } from '../../src/shared/kinds/schema/types.ts';
import type { TargetHealth, Targets } from '../../src/shared/ports/cloud.ts';
import { closeWorld, createWorld, eventuallySecondly, type World } from '../support/controllers/world.ts';

/** Pods whose readiness and end follow the load balancers of Ingresses, over ones that are told how targets fare. */
let world: World;
let clock: ManualClock;
let cloud: FakeIngresses & { targets?: Targets };
/** What the load balancer says of every target. */
let health: TargetHealth | undefined;

beforeEach(async () => {
  clock = new ManualClock();
  cloud = new FakeIngresses();
  health = 'initial';
  cloud.targets = {
    drainMs: 30_000,
    health: async () => new Map(health ? routed().map((address) => [address, health!]) : []),
  };
  world = createWorld({ clock, ports: { ingresses: cloud }, env: { balancersOf: balancersNow } });
  await world.manager.start();
  await world.client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  } as Service);
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 600);
const type = (name = 'site') => `ingress.shallop.dev/${name}`;
/** Addresses that the load balancers of all places were told of. */
const routed = () =>
  [...cloud.served.values()].flatMap(({ members }) =>
    members.flatMap(({ backends }) =>
      backends.flatMap(({ endpoints }) => endpoints.filter((e) => e.ready).map(({ address }) => address)),
    ),
  );

const createIngress = (name = 'site', port = 'http') =>
  world.client.create(ingresses, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'default' },
    spec: { defaultBackend: { service: { name: 'web', port: { name: port } } } },
  });
const isServed = (name = 'site') =>
  until(async () =>
    Boolean((await world.client.get(ingresses, 'default', name))?.status?.loadBalancer?.ingress?.length),
  );
const createPod = (...gates: string[]) =>
  world.client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'default', labels: { app: 'web' } },
    spec: {
      containers: [{ name: 'c', image: 'app:1' }],
      readinessGates: gates.map((conditionType) => ({ conditionType })),
      terminationGracePeriodSeconds: 30,
    },
  });
const pod = (): Promise<Pod | undefined> => world.client.get(pods, 'default', 'web-1');
const condition = async (wanted: string) =>
  (await pod())?.status?.conditions?.find((each) => each.type === wanted);
const said = async (wanted = type()) => {
  const { status, reason } = (await condition(wanted)) ?? {};
  return status && `${status} ${reason}`;
};
const isReady = async () => (await condition('Ready'))?.status === 'True';
const isRouted = async () => routed().includes((await pod())?.status?.podIP ?? 'none');

test('D1: a Pod behind an Ingress gets requests before it is ready, and is ready once its target is healthy', async () => {
  await createIngress();
  await isServed();
  await createPod(type());
  await until(isRouted);
  await clock.advance(60_000);
  expect([await isReady(), await said()]).toEqual([false, undefined]);
  health = 'healthy';
  await until(isReady);
  expect(await said()).toBe('True TargetHealthy');
});

test('D1: one that is deleted leaves the targets, and is stopped when no request comes any more', async () => {
  await createIngress();
  await isServed();
  health = 'healthy';
  await createPod(type());
  await until(isReady);
  await world.client.delete(pods, 'default', 'web-1');
  await until(async () => (await said()) === 'False Deregistered');
  const deregisteredAt = clock.now();
  expect(await isRouted()).toBe(false);
  await until(async () => (await pod()) === undefined);
  expect(clock.now() - deregisteredAt).toBeGreaterThanOrEqual(29_000);
});

test('D1: with two load balancers each has its condition, and a Pod stays with the first while it waits for the second', async () => {
  for (const name of ['site', 'admin']) {
    await createIngress(name);
    await isServed(name);
  }
  const [first, second] = ['site', 'admin'].map((name) => type(name)) as [string, string];
  await createPod(first, second);
  await until(isRouted);
  // By the time one has found it healthy, the other has not.
  await world.client.patch(
    pods,
    'default',
    'web-1',
    {
      status: {
        conditions: [
          ...((await pod())?.status?.conditions ?? []),
          { type: first, status: 'True', reason: 'TargetHealthy' },
        ],
      },
    },
    'status',
  );
  await clock.advance(60_000);
  expect([await isReady(), routed().length, await said(second)]).toEqual([false, 2, undefined]);
  health = 'healthy';
  await until(isReady);
  expect([await said(first), await said(second)]).toEqual(['True TargetHealthy', 'True TargetHealthy']);
});

test.each<[string, () => Promise<unknown>]>([
  ['goes', () => world.client.delete(ingresses, 'default', 'site')],
  [
    'changes its class',
    () => world.client.patch(ingresses, 'default', 'site', { spec: { ingressClassName: 'nginx' } }),
  ],
  [
    'leads elsewhere',
    () =>
      world.client.patch(ingresses, 'default', 'site', {
        spec: { defaultBackend: { service: { name: 'other', port: { number: 80 } } } },
      }),
  ],
])('D1: a Pod does not wait for an Ingress that %s', async (_, change) => {
  await createIngress();
  await isServed();
  await createPod(type());
  await until(isRouted);
  expect(await isReady()).toBe(false);
  await change();
  await until(isReady);
  expect(await said()).toBe('True NoLoadBalancer');
});

test('D1: nor for one that cannot be had, or names a port that is not there', async () => {
  const { metadata } = await createIngress();
  cloud.refusing.set(metadata.uid ?? '', new ApiError('Invalid', 'annotation x: nonsense'));
  await createIngress('typo', 'htpp');
  await createPod(type(), type('typo'));
  await until(isReady);
  expect([await said(), await said(type('typo'))]).toEqual(['True NoLoadBalancer', 'True NoLoadBalancer']);
});

test('D1: nor where no rule leads to its target', async () => {
  await createIngress();
  await isServed();
  health = 'unused';
  await createPod(type());
  await until(isReady);
  expect(await said()).toBe('True NoLoadBalancer');
});
