import { expect, test } from '@jest/globals';
import { openApplicationLoadBalancers } from '../../src/aws/drivers/ingresses/index.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { endpointSlices, ingresses, services } from '../../src/shared/controllers/resources.ts';
import type { EndpointSlice, Ingress, Service } from '../../src/shared/kinds/schema/types.ts';
import { FakeElb } from '../support/aws/fakeElb.ts';
import { closeWorld, createWorld, eventuallySecondly } from '../support/controllers/world.ts';

/** Ingresses come, go, change and move between groups, over an ELBv2 that throttles, fails and loses its answers. */

const alb = 'alb.ingress.kubernetes.io/';
const every = [1, 2, 3, 4, 5, 6];
const hostOf = (n: number) => `${n}.example.com`;
const groups = ['one', 'two', null];
const schemes = ['internet-facing', 'internal', null, null, null];
const classes = ['alb', 'alb', 'alb', 'nginx'];
const finalizers = { single: 'ingress.k8s.aws/resources', group: 'group.ingress.k8s.aws/' };

async function start(seed: number) {
  const clock = new ManualClock();
  const elb = new FakeElb();
  const ids = seededIds(seed);
  const chaos = { share: 0.15 };
  const send = async (command: never): Promise<never> => {
    const luck = ids.random() / chaos.share;
    const failed = (name: string, fault: string) => Object.assign(new Error(name), { name, $fault: fault });
    if (luck < 0.4) throw failed('ThrottlingException', 'client');
    if (luck < 0.6) throw failed('AccessDeniedException', 'client');
    const answer = await elb.client.send(command);
    if (luck < 1) throw failed('InternalFailure', 'server');
    return answer;
  };
  const driver = openApplicationLoadBalancers({
    elb: { send } as never,
    ec2: { send } as never,
    acm: { send } as never,
    clock,
    ids,
    attempts: 2,
    deployment: 'dev',
    vpc: 'vpc-1',
    subnets: ['subnet-1', 'subnet-2'],
    securityGroup: 'sg-pods',
  });
  const world = createWorld({ clock, seed, ports: { ingresses: driver } });
  await world.manager.start();
  const { client } = world;
  const pick = <T>(list: T[]): T => list[Math.floor(ids.random() * list.length)]!;
  const until = (check: () => Promise<boolean>) => eventuallySecondly(clock, check, 3_000);
  return { clock, elb, chaos, world, client, ids, pick, until, driver };
}
type Run = Awaited<ReturnType<typeof start>>;

const createBackend = async ({ client }: Run, n: number) => {
  const metadata = { name: 'app', namespace: `ns-${n}` };
  await client.create(services, { metadata, spec: { ports: [{ port: 80 }] } } as Service);
  await client.create(endpointSlices, {
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'app' } },
    addressType: 'IPv4',
    ports: [{ port: 8080, protocol: 'TCP' }],
    endpoints: [{ addresses: [`10.0.0.${n}`], conditions: { ready: true } }],
  } as EndpointSlice);
};

const at = ({ client }: Run, n: number) => client.get(ingresses, `ns-${n}`, 'web');

/** One thing that somebody does. */
async function step(run: Run) {
  const { client, pick, ids } = run;
  const n = pick(every);
  const object = await at(run, n);
  const annotations = {
    [`${alb}group.name`]: pick(groups),
    [`${alb}group.order`]: String(Math.floor(ids.random() * 5)),
    [`${alb}scheme`]: pick(schemes),
  };
  const spec = { ingressClassName: pick(classes) };
  if (object?.metadata.deletionTimestamp) return;
  if (object && ids.random() < 0.3) return client.delete(ingresses, `ns-${n}`, 'web');
  if (object) return client.patch(ingresses, `ns-${n}`, 'web', { metadata: { annotations }, spec });
  const path = { path: '/', pathType: 'Prefix', backend: { service: { name: 'app', port: { number: 80 } } } };
  const set = Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== null));
  return client.create(ingresses, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: `ns-${n}`, annotations: set },
    spec: { ...spec, rules: [{ host: hostOf(n), http: { paths: [path] } }] },
  } as Ingress);
}

const placeOf = ({ metadata: { annotations = {}, namespace } }: Ingress) =>
  annotations[`${alb}group.name`] ?? `${namespace}/web`;

/** Of those at one place, the oldest that names a scheme has the say. */
function isRefused(object: Ingress, all: Ingress[]): boolean {
  const schemeOf = ({ metadata }: Ingress) => metadata.annotations?.[`${alb}scheme`];
  const age = ({ metadata: m }: Ingress) => `${m.creationTimestamp} ${m.namespace}`;
  const peers = all.filter((other) => placeOf(other) === placeOf(object) && schemeOf(other));
  const [oldest] = peers.sort((a, b) => (age(a) < age(b) ? -1 : 1));
  return oldest !== undefined && ![undefined, schemeOf(oldest)].includes(schemeOf(object));
}

/** What differs from what should be; empty once all is well. */
async function findings(run: Run): Promise<string[]> {
  const { client, elb } = run;
  const all = (await client.list(ingresses)).filter((i) => i.spec?.ingressClassName === 'alb');
  const others = (await client.list(ingresses)).filter((i) => i.spec?.ingressClassName !== 'alb');
  const wrong: string[] = [];
  const hostnames = new Map<string, string>();
  for (const object of all) {
    const n = Number(object.metadata.namespace?.slice(3));
    const place = placeOf(object);
    const hostname = object.status?.loadBalancer?.ingress?.[0]?.hostname;
    const held = place.includes('/') ? finalizers.single : `${finalizers.group}${place}`;
    if (object.metadata.finalizers?.join() !== held) wrong.push(`${n}: ${object.metadata.finalizers}`);
    if (isRefused(object, all)) continue;
    if (!hostname || hostname !== (hostnames.get(place) ?? hostname)) wrong.push(`${n}: ${hostname}`);
    else {
      hostnames.set(place, hostname);
      const answer = elb.ask(hostname, 80, hostOf(n), '/');
      if (answer !== `10.0.0.${n}:8080`) wrong.push(`${n}: ${answer}`);
    }
  }
  for (const { metadata, status } of others)
    if (metadata.finalizers?.length || status?.loadBalancer?.ingress?.length)
      wrong.push(`${metadata.namespace} is somebody else's and held`);
  const serving = all.filter((object) => !isRefused(object, all)).length;
  if (elb.groups.size !== serving || elb.rules.size !== serving)
    wrong.push(`${elb.groups.size} target groups and ${elb.rules.size} rules of ${serving}`);
  if (elb.balancers.size !== hostnames.size || elb.securityGroups.size !== hostnames.size)
    wrong.push(`${elb.balancers.size} balancers and ${elb.securityGroups.size} groups of ${hostnames.size}`);
  return wrong;
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i', async (seed) => {
  const run = await start(seed);
  const { client, chaos, clock, ids, until, elb, world } = run;
  for (const n of every) await createBackend(run, n);
  for (let i = 0; i < 60; i++) {
    await step(run);
    if (ids.random() < 0.5) await clock.advance(Math.floor(ids.random() * 3_000));
  }
  chaos.share = 0;
  // Back-off is shorter than that: nobody wants anything any more.
  await until(async () => {
    elb.calls.length = 0;
    for (let second = 0; second < 400; second++) await clock.advance(1_000);
    return elb.calls.every((name) => name.startsWith('Describe'));
  });
  expect(await findings(run)).toEqual([]);
  for (const object of await client.list(ingresses))
    await client.delete(ingresses, object.metadata.namespace ?? '', 'web');
  await until(async () => (await client.list(ingresses)).length === 0 && elb.left.length === 0);
  await closeWorld(world);
});
