import { beforeEach, expect, test } from '@jest/globals';
import { FakeElb } from '../../../../test/support/aws/fakeElb.ts';
import type { Ingress } from '../../../shared/kinds/schema/types.ts';
import type { Ingresses, IngressRef } from '../../../shared/ports/cloud.ts';
import { afterAnnotation, asleepAnnotation } from '../../../shared/ports/demand.ts';
import { serviceHash } from '../loadBalancers/names.ts';
import { openSender } from '../sender.ts';
import { backendHash } from './backendNames.ts';
import { openApplicationLoadBalancers } from './index.ts';
import { trafficOf } from './traffic.ts';

const activator = 'arn:aws:lambda:us-east-1:1:function:shallop-dev-activator';
const ref: IngressRef = { cluster: 'default', namespace: 'ns', name: 'site', uid: 'u' };
const alb = 'alb.ingress.kubernetes.io/';
const forwardTo = (...services: string[]) => ({
  type: 'forward',
  forwardConfig: {
    targetGroups: services.map((serviceName) => ({ serviceName, servicePort: 80, weight: 1 })),
  },
});

let elb: FakeElb;
let ingresses: Ingresses;
beforeEach(() => {
  elb = new FakeElb();
  ingresses = openApplicationLoadBalancers({ ...elb.options, activator });
});

async function ensure(
  services: Record<string, Record<string, string>>,
  { action, annotations = {} }: { action?: object; annotations?: Record<string, string> } = {},
) {
  const names = Object.keys(services);
  const service = action
    ? { name: 'x', port: { name: 'use-annotation' } }
    : { name: names[0]!, port: { number: 80 } };
  const ingress: Ingress = {
    metadata: {
      ...{ name: 'site', namespace: 'ns', uid: 'u' },
      annotations: { ...annotations, ...(action && { [`${alb}actions.x`]: JSON.stringify(action) }) },
    },
    spec: { defaultBackend: { service } },
  };
  const backends = names.map((name, i) => ({
    service: name,
    port: 80,
    annotations: services[name]!,
    endpoints: [{ portName: '', address: `10.0.0.${i + 1}`, port: 8080, protocol: 'TCP', ready: true }],
  }));
  const { points } = await ingresses.ensure(ref, [{ ingress, isServed: true, backends }]);
  return () => elb.ask(points?.[0]?.hostname ?? '', 80, 'a', '/')?.replace(/:undefined$/, '');
}
const asks = { [afterAnnotation]: '10m' };
const asleep = { ...asks, [asleepAnnotation]: '2026-01-01T00:00:00Z' };
const { deployment, clock, ids } = new FakeElb().options;
const traffic = () =>
  trafficOf(
    { elb: elb.client, ec2: elb.client, send: openSender({ clock, ids }) },
    serviceHash(deployment, ref),
    new Set([backendHash('ns/site', 'web', 80)]),
  );

test('requests go to Pods, wait while the Service sleeps, and go to Pods again; only weights change', async () => {
  expect((await ensure({ web: asks }))()).toBe('10.0.0.1:8080');
  expect(await traffic()).toMatchObject({ leadsToPods: true, leadsToWaiting: false });
  elb.calls.length = 0;
  expect((await ensure({ web: asleep }))()).toBe(activator);
  expect(await traffic()).toMatchObject({ leadsToPods: false, leadsToWaiting: true });
  expect((await traffic()).groups).toHaveLength(2);
  expect((await ensure({ web: asks }))()).toBe('10.0.0.1:8080');
  const changes = elb.calls.filter((call) => !call.startsWith('Describe') && !call.startsWith('List'));
  expect(changes).toEqual(['ModifyListener', 'ModifyListener']);
});

test('an Ingress asks for all of its Services, and waits long enough', async () => {
  await ensure({ web: {} }, { annotations: { [afterAnnotation]: '10m' } });
  expect(await traffic()).toMatchObject({ leadsToPods: true, groups: [{}, {}] });
  expect([...elb.attributes.values()]).toContainEqual({ 'idle_timeout.timeout_seconds': '180' });
});

test('one that asks for nothing has nothing of it, nor has anything where there is no activator', async () => {
  await ensure({ web: {} });
  expect(elb.groups.size).toBe(1);
  elb = new FakeElb();
  ingresses = openApplicationLoadBalancers(elb.options);
  expect((await ensure({ web: asleep }))()).toBe('10.0.0.1:8080');
  expect(elb.groups.size).toBe(1);
});

test('a rule whose clients stay with one Pod stays as it is', async () => {
  await ensure(
    { web: asleep },
    { annotations: { [`${alb}target-group-attributes`]: 'stickiness.enabled=true' } },
  );
  expect(elb.groups.size).toBe(1);
  expect(await traffic()).toMatchObject({ leadsToPods: true, leadsToWaiting: false });
});

test.each<[string, object]>([
  ['more than five target groups', forwardTo('web', 'api', 'admin')],
  [
    'clients that stay with one',
    {
      ...forwardTo('web'),
      forwardConfig: {
        ...forwardTo('web').forwardConfig,
        targetGroupStickinessConfig: { enabled: true, durationSeconds: 60 },
      },
    },
  ],
])('a rule with %s stays as it is', async (_, action) => {
  await ensure({ web: asleep, api: asleep, admin: asleep }, { action });
  expect(await traffic()).toMatchObject({ leadsToPods: true, leadsToWaiting: false });
});

test('what was made goes with the Ingress', async () => {
  await ensure({ web: asleep });
  await ingresses.remove(ref);
  expect(elb.left).toEqual([]);
});
