import { expect, test } from '@jest/globals';
import { ingressCondition } from '../shared/controllers/common/balancing.ts';
import type { Ingress, Pod, Service } from '../shared/kinds/schema/types.ts';
import { balancersOf, servedIngress } from './balancers.ts';

const pod: Pod = { metadata: { labels: { app: 'web', tier: 'front' } } };
const service = (
  name: string,
  selector: Record<string, string>,
  type: NonNullable<Service['spec']>['type'] = 'ClusterIP',
): Service => ({
  metadata: { name },
  spec: { type, selector },
});
const site: Ingress = {
  metadata: {
    name: 'site',
    namespace: 'ns',
    finalizers: ['ingress.k8s.aws/resources'],
    annotations: {
      'alb.ingress.kubernetes.io/actions.split':
        '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"canary","servicePort":80,"weight":1}]}}',
    },
  },
  spec: {
    defaultBackend: { service: { name: 'web', port: { number: 80 } } },
    rules: [
      {
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: 'split', port: { name: 'use-annotation' } } },
            },
          ],
        },
      },
    ],
  },
};

test.each<[string, Partial<Ingress['metadata']>, boolean]>([
  ['one by itself', {}, true],
  ['one of a group', { finalizers: ['group.ingress.k8s.aws/shop'] }, true],
  ['one that nobody serves yet', { finalizers: [] }, false],
  ['one that is going', { deletionTimestamp: '2026-01-01T00:00:00Z' }, false],
])('Ingresses that Pods wait for: %s', (_, metadata, served) =>
  expect(servedIngress({ ...site, metadata: { ...site.metadata, ...metadata } })).toEqual(
    served ? { namespace: 'ns', name: 'site', services: ['web', 'canary'] } : undefined,
  ),
);

test.each<[string, Service[], string[]]>([
  ['a Service of that type', [service('lb', { app: 'web' }, 'LoadBalancer')], ['service.shallop.dev/lb']],
  ['a Service behind an Ingress', [service('web', { app: 'web' })], ['ingress.shallop.dev/site']],
  ['by an action of it', [service('canary', { tier: 'front' })], ['ingress.shallop.dev/site']],
  [
    'both',
    [service('web', { app: 'web' }, 'LoadBalancer')],
    ['service.shallop.dev/web', 'ingress.shallop.dev/site'],
  ],
  ['a Service that leads to others', [service('web', { app: 'api' })], []],
  ['a Service without a selector', [service('web', {})], []],
  ['a Service that no Ingress names', [service('other', { app: 'web' })], []],
])('D1: a Pod waits for the load balancers of %s', (_, services, types) =>
  expect(balancersOf(pod, services, [servedIngress(site)!])).toEqual(types),
);

test('the type of an Ingress fits into a condition, however long its name, and is another for another', () => {
  const [one, other] = ['a', 'b'].map((end) => ingressCondition(`${'x.'.repeat(100)}${end}`));
  expect(one?.split('/')[1]).toHaveLength(63);
  expect(one).not.toBe(other);
});
