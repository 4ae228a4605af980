import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hrefOf, inNamespace, type Route, routeOf } from './route.ts';

const word = fc.string({ minLength: 1, maxLength: 8 });
const within = fc.oneof(word, fc.constant('*'));
// Of no group are the core kinds; one of this name would be taken for it, and Kubernetes has none.
const group = fc.oneof(word, fc.constant('')).filter((text) => text !== 'core');
const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.constant<Route>({ view: 'namespaces' }),
  fc.record({ view: fc.constantFrom('workloads', 'events', 'usage', 'kinds'), namespace: within }),
  fc.record({ view: fc.constant('pod'), namespace: word, name: word }),
  fc.record({ view: fc.constant('list'), namespace: within, group, version: word, plural: word }),
  fc.record({
    view: fc.constant('object'),
    namespace: within,
    group,
    version: word,
    plural: word,
    name: word,
  }),
);

test('every place has an address that leads back to it', () => {
  fc.assert(fc.property(routes, (route) => expect(routeOf(hrefOf(route), 'home')).toEqual(route)));
});

test.each([
  '',
  '#',
  '#/',
  '#/in',
  '#/in/a',
  '#/in/a/nowhere',
  '#/in/a/pod',
  '#/in/a/list/core',
  '#/%',
  '#/x/y',
])('the address %j leads home', (hash) =>
  expect(routeOf(hash, 'home')).toEqual({ view: 'workloads', namespace: 'home' }),
);

test.each<[Route, object]>([
  [{ view: 'namespaces' }, { view: 'workloads', namespace: 'b' }],
  [
    { view: 'events', namespace: 'a' },
    { view: 'events', namespace: 'b' },
  ],
  [
    { view: 'pod', namespace: 'a', name: 'p' },
    { view: 'workloads', namespace: 'b' },
  ],
  [
    { view: 'object', namespace: 'a', group: '', version: 'v1', plural: 'pods', name: 'p' },
    { view: 'list', namespace: 'b', group: '', version: 'v1', plural: 'pods' },
  ],
])('of %j another namespace is %j', (route, moved) => expect(inNamespace(route, 'b')).toMatchObject(moved));
