import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { events, ingressClasses, ingresses, secrets } from '../../src/shared/controllers/resources.ts';
import { FakeIngresses } from '../../src/shared/fake/ingresses.ts';
import type { Ingress, IngressSpec, Secret } from '../../src/shared/kinds/schema/types.ts';
import { closeWorld, createWorld, eventuallySecondly, type World } from '../support/controllers/world.ts';

class FakeRouter extends FakeIngresses {
  readonly isRouter = true;
}

let world: World;
let clock: ManualClock;
let router: FakeRouter;
beforeEach(async () => {
  clock = new ManualClock();
  router = new FakeRouter();
  world = createWorld({ clock, ports: { ingresses: router } });
  await world.manager.start();
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const create = (name: string, spec: IngressSpec = {}) =>
  world.client.create(ingresses, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'default' },
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } }, ...spec },
  } as Ingress);
const addressOf = async (name: string) => {
  const found = await world.client.get(ingresses, 'default', name);
  return found?.status?.loadBalancer?.ingress?.[0]?.hostname;
};
const served = () => [...router.served.values()].flatMap(({ members }) => members);
const namesServed = () => served().map(({ ingress }) => ingress.metadata.name);
const reasons = async () => (await world.client.list(events)).map(({ reason }) => reason);
const address = 'router.ingress.test';

test('all Ingresses of the default class are at one place, and let go of with the last', async () => {
  await create('one');
  await create('two', { ingressClassName: 'shallop' });
  await create('other', { ingressClassName: 'nginx' });
  await until(async () => (await addressOf('one')) === address && (await addressOf('two')) === address);
  expect(namesServed().sort()).toEqual(['one', 'two']);
  expect(await addressOf('other')).toBeUndefined();
  expect(await reasons()).toEqual(expect.arrayContaining(['BackendNotFound', 'Sync']));
  await world.client.delete(ingresses, 'default', 'one');
  await until(() => namesServed().join() === 'two');
  await world.client.delete(ingresses, 'default', 'two');
  await until(() => router.served.size === 0);
});

test('a class of another name is served when it names the controller, and what leaves it loses its address', async () => {
  await world.client.create(ingressClasses, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'nginx' },
    spec: { controller: 'shallop.dev/router' },
  });
  await create('site', { ingressClassName: 'nginx' });
  await create('stays');
  await until(async () => (await addressOf('site')) === address);
  await world.client.patch(ingresses, 'default', 'site', { spec: { ingressClassName: 'else' } });
  await until(async () => (await addressOf('site')) === undefined);
  expect(namesServed()).toEqual(['stays']);
});

test('certificates follow the Secrets, which may come later', async () => {
  await create('site', { tls: [{ hosts: ['a.org'], secretName: 'cert' }] });
  await until(async () => (await reasons()).includes('CertificateNotFound'));
  expect(served()[0]?.certificates).toEqual([]);
  const secret = (certificate: string): Secret => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cert', namespace: 'default' },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': btoa(certificate), 'tls.key': btoa('key') },
  });
  const shown = () => served()[0]?.certificates?.map(({ certificate, ...rest }) => [certificate, rest.hosts]);
  await world.client.create(secrets, secret('first'));
  await until(() => JSON.stringify(shown()) === '[["first",["a.org"]]]');
  await world.client.update(secrets, secret('second'));
  await until(() => JSON.stringify(shown()) === '[["second",["a.org"]]]');
});
