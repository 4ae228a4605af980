import { describe, expect, test } from '@jest/globals';
import type { Ingress } from '../../../shared/kinds/schema/types.ts';
import { byOrder, finalizerOf, placeOf, placesOf } from './group.ts';

const alb = (pairs: Record<string, string>) =>
  Object.fromEntries(Object.entries(pairs).map(([k, v]) => [`alb.ingress.kubernetes.io/${k}`, v]));
const ingress = (annotations: Record<string, string> = {}, more: Ingress['metadata'] = {}): Ingress => ({
  metadata: { namespace: 'ns', name: 'web', ...more, annotations: alb(annotations) },
});

describe('an Ingress asks for', () => {
  test.each<{ annotations: Record<string, string>; place: unknown }>([
    { annotations: {}, place: { namespace: 'ns', name: 'web' } },
    {
      annotations: { 'group.name': 'my-team.awesome-group' },
      place: { namespace: '', name: 'my-team.awesome-group' },
    },
    { annotations: { 'group.name': 'g', 'group.order': '-1000' }, place: { namespace: '', name: 'g' } },
    { annotations: { 'group.name': 'My' }, place: expect.stringContaining('must consist of lower case') },
    { annotations: { 'group.name': '' }, place: expect.stringContaining('must consist of lower case') },
    { annotations: { 'group.name': '*' }, place: expect.stringContaining('must consist of lower case') },
    { annotations: { 'group.name': 'a'.repeat(64) }, place: expect.stringContaining('no more than 63') },
    {
      annotations: { 'group.name': 'g', 'group.order': '1001' },
      place: 'explicit Ingress group order must be within [-1000:1000], Ingress: ns/web, order: 1001',
    },
    { annotations: { 'group.order': 'first' }, place: expect.stringContaining('order: first') },
  ])('$annotations', ({ annotations, place }) => expect(placeOf(ingress(annotations))).toEqual(place));
});

test("finalizers are the Controller's", () => {
  expect(finalizerOf({ namespace: 'ns', name: 'web' })).toBe('ingress.k8s.aws/resources');
  expect(finalizerOf({ namespace: '', name: 'g' })).toBe('group.ingress.k8s.aws/g');
});

test('one that moves concerns the place where it is and those that hold it', () => {
  const finalizers = ['ingress.k8s.aws/resources', 'group.ingress.k8s.aws/old', 'somebody.else/x'];
  expect(placesOf(ingress({ 'group.name': 'new' }, { finalizers }))).toEqual([
    { namespace: '', name: 'new' },
    { namespace: 'ns', name: 'web' },
    { namespace: '', name: 'old' },
  ]);
});

test('the order is by number, then by namespace and name', () => {
  const at = (namespace: string, name: string, order?: string) =>
    ingress(order ? { 'group.order': order } : {}, { namespace, name });
  const all = [at('b', 'a', '10'), at('b', 'b'), at('a', 'z'), at('z', 'z', '-1'), at('a', 'b', '+9')];
  expect(all.sort(byOrder).map(({ metadata: { namespace, name } }) => `${namespace}/${name}`)).toEqual([
    'z/z',
    'a/z',
    'b/b',
    'a/b',
    'b/a',
  ]);
});
