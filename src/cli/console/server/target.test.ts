import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Resource } from '../../kube/discovery.ts';
import { pathWith, targetOf } from './target.ts';

const resource = (group: string, plural: string, namespaced = true, version = 'v1'): Resource => ({
  ...{ group, version, plural, namespaced, singular: '', kind: plural, shortNames: [], categories: [] },
  ...{ verbs: ['get', 'list'], subresources: [] },
});
const resources = [
  resource('', 'pods'),
  resource('', 'secrets'),
  resource('', 'namespaces', false),
  resource('', 'nodes', false),
  resource('apps', 'deployments'),
  resource('metrics.k8s.io', 'pods', true, 'v1beta1'),
];
const asked = (path: string, search = '') => pathWith(targetOf(path, resources), new URLSearchParams(search));

test.each([
  ['/api/v1/pods', '', '/api/v1/pods'],
  ['/api/v1/namespaces/a/pods', 'limit=5', '/api/v1/namespaces/a/pods?limit=5'],
  ['/api/v1/namespaces/a/pods/b', 'limit=5', '/api/v1/namespaces/a/pods/b'],
  ['/api/v1/namespaces', '', '/api/v1/namespaces'],
  ['/api/v1/namespaces/a', '', '/api/v1/namespaces/a'],
  ['/api/v1/nodes/a', '', '/api/v1/nodes/a'],
  ['/apis/apps/v1/namespaces/a/deployments/b', '', '/apis/apps/v1/namespaces/a/deployments/b'],
  ['/apis/metrics.k8s.io/v1beta1/namespaces/a/pods', '', '/apis/metrics.k8s.io/v1beta1/namespaces/a/pods'],
  ['/api/v1/namespaces/a/pods/b/log', 'follow=true&x=1', '/api/v1/namespaces/a/pods/b/log?follow=true'],
  ['/api/v1/namespaces/a/pods/system:b', '', '/api/v1/namespaces/a/pods/system%3Ab'],
  ['/api/v1/pods', 'watch=true&labelSelector=a%26b&as=x', '/api/v1/pods?labelSelector=a%26b'],
  ['/api/v1/namespaces/a/%70ods', '', '/api/v1/namespaces/a/pods'],
])('%s?%s is asked for as %s', (path, search, expected) => expect(asked(path, search)).toBe(expected));

test.each([
  '/',
  '/version',
  '/metrics',
  '/healthz',
  '/openapi/v3',
  '/api',
  '/api/v1',
  '/apis',
  '/apis/apps/v1',
  '/api/v1/watch/pods',
  '/api/v1/watch/namespaces/a/secrets',
  '/api/v1/proxy/namespaces/a/pods/b',
  '/api/v1/nodes/a/proxy',
  '/api/v1/nodes/a/proxy/pods',
  '/api/v1/namespaces/a/pods/b/proxy',
  '/api/v1/namespaces/a/pods/b/proxy/x',
  '/api/v1/namespaces/a/pods/b/attach',
  '/api/v1/namespaces/a/pods/b/portforward',
  '/api/v1/namespaces/a/pods/b/eviction',
  '/api/v1/namespaces/a/pods/b/log/x',
  '/api/v1/namespaces/a/services/b/proxy',
  '/api/v1/namespaces/a/serviceaccounts/b/token',
  '/api/v1/namespaces/a/secrets/b/status',
  '/apis/metrics.k8s.io/v1beta1/namespaces/a/pods/b/log',
  '/api/v1/pods/a',
  '/api/v1/namespaces/a/nodes',
  '/api/v1/namespaces/a/nodes/b',
  '/clusters/other/api/v1/pods',
  '//api/v1/pods',
  '/api//v1/pods',
  '/api/v1/pods/',
  '/api/v1/namespaces/a/secrets/../pods',
  '/api/v1/namespaces/a/pods/../secrets/b',
  '/api/v1/namespaces/a/pods/%2e%2e/secrets',
  '/api/v1/namespaces/a/pods/%2E%2E%2Fsecrets',
  '/api/v1/namespaces/a/pods/..%2fsecrets%2fb',
  '/api/v1/namespaces/a/pods%2f..%2fsecrets',
  '/api/v1/namespaces/a/pods/%252e%252e',
  '/api/v1/namespaces/a/pods/b%3fwatch=1',
  '/api/v1/namespaces/a/pods/b%23',
  '/api/v1/namespaces/a/pods/b%0d%0aX-Remote-User:%20root',
  '/api/v1/namespaces/a/pods/b%00',
  '/api/v1/namespaces/a/pods/%',
  '/api/v1/namespaces/a/pods\\..\\secrets',
  '/API/v1/pods',
  '/api/v1/PODS',
  '/api/v1/constructor',
  'http://elsewhere/api/v1/pods',
])('%s is not asked for', (path) =>
  expect(() => targetOf(path, resources)).toThrow(
    expect.objectContaining({ reason: expect.stringMatching(/NotFound|BadRequest/) }),
  ),
);

test('whatever is accepted leads to a listed resource, by a path of plain parts', () => {
  const pieces = fc.constantFrom(
    ...[
      'api',
      'apis',
      'v1',
      'apps',
      'namespaces',
      'a',
      'pods',
      'secrets',
      'log',
      'exec',
      'deployments',
      'nodes',
    ],
    ...['..', '.', '', '%2e', '%2f', '%252f', '%00', '\\', ';', '%5c', '%25', 'proxy', 'watch'],
  );
  const paths = fc
    .array(fc.array(pieces, { minLength: 1, maxLength: 2 }), { maxLength: 9 })
    .map((parts) => `/${parts.map((part) => part.join('')).join('/')}`);
  const likely = fc
    .tuple(fc.constantFrom('/api/v1/namespaces/a', '/apis/apps/v1/namespaces/a', '/api/v1'), paths)
    .map((both) => both.join(''));
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(paths, likely), (path) => {
      let target: ReturnType<typeof targetOf>;
      try {
        target = targetOf(path, resources);
      } catch {
        return;
      }
      accepted++;
      expect(resources).toContain(target.resource);
      const parts = pathWith(target, new URLSearchParams()).split('/').slice(1).map(decodeURIComponent);
      expect(parts.filter((part) => /[/\\%]|^\.{0,2}$/.test(part))).toEqual([]);
      expect(parts).toEqual(path.split('/').slice(1).map(decodeURIComponent));
    }),
    { numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(0);
});
