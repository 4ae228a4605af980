import { expect, test } from '@jest/globals';
import type { HTTPIngressPath } from '../../../shared/kinds/schema/types.ts';
import type { IngressMember } from '../../../shared/ports/cloud.ts';
import { Hosts } from '../router/hosts.ts';
import { matcher } from '../router/matching.ts';
import { routingOf } from './routing.ts';

type Rule = [
  host: string | undefined,
  ...paths: [path: string, type: HTTPIngressPath['pathType'], service: string][],
];

const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
const member = (namespace: string, fallback: string | undefined, ...rules: Rule[]): IngressMember => ({
  ingress: {
    metadata: { namespace },
    spec: {
      ...(fallback && { defaultBackend: backend(fallback) }),
      rules: rules.map(([host, ...paths]) => ({
        ...(host && { host }),
        http: { paths: paths.map(([path, pathType, name]) => ({ path, pathType, backend: backend(name) })) },
      })),
    },
  },
  isServed: true,
  backends: [],
});

/** Where a request goes, as a router finds it. */
function routesOf(members: IngressMember[]) {
  const hosts = new Hosts<ReturnType<typeof matcher>>();
  for (const { host, isOneLabel, rules } of routingOf(members).routing.ports[0]!.hosts)
    hosts.add(host, matcher(rules), isOneLabel);
  return {
    find: (host: string, url: string) =>
      hosts.find(host)?.({ url, method: 'GET', headers: {} })?.backends[0]?.backend,
  };
}

const routes = routesOf([
  member(
    'one',
    undefined,
    [
      'a.example.com',
      ['/', 'Prefix', 'root'],
      ['/api', 'Prefix', 'api'],
      ['/api/v2/', 'Prefix', 'v2'],
      ['/exact', 'Exact', 'exact'],
      ['/exact', 'Prefix', 'below'],
      ['/old', 'ImplementationSpecific', 'old'],
    ],
    ['*.example.com', ['/', 'Prefix', 'wild']],
    ['Only.Example.Org', ['/x', 'Prefix', 'x']],
  ),
  member('two', 'fallback', ['a.example.com', ['/api', 'Prefix', 'younger'], ['/shared', 'Prefix', 'other']]),
  member('three', 'late'),
]);

test.each([
  ['a.example.com', '/', 'one/root:80'],
  ['a.example.com', '/apis', 'one/root:80'],
  ['a.example.com', '/api', 'one/api:80'],
  ['a.example.com', '/api/', 'one/api:80'],
  ['a.example.com', '/api/x', 'one/api:80'],
  ['a.example.com', '/api/v2', 'one/v2:80'],
  ['a.example.com', '/api/v2/x', 'one/v2:80'],
  ['a.example.com', '/exact', 'one/exact:80'],
  ['a.example.com', '/exact/', 'one/below:80'],
  ['a.example.com', '/old/x', 'one/old:80'],
  ['a.example.com', '/shared', 'two/other:80'],
  ['a.example.com', '/x/../api', 'one/api:80'],
  ['a.example.com', '/%61pi', 'one/api:80'],
  ['b.example.com', '/', 'one/wild:80'],
  ['b.c.example.com', '/', 'two/fallback:80'],
  ['only.example.org', '/x', 'one/x:80'],
  ['only.example.org', '/', 'two/fallback:80'],
  ['elsewhere.org', '/', 'two/fallback:80'],
])('%s%s goes to %s', (host, path, key) => {
  expect(routes.find(host, path)).toBe(key);
});

test('without a default backend nothing is for other hosts and paths, unless a rule has no host', () => {
  const few = [member('one', undefined, ['a.org', ['/x', 'Prefix', 'x']])];
  expect(routesOf(few).find('b.org', '/x')).toBeUndefined();
  expect(routesOf(few).find('a.org', '/')).toBeUndefined();
  const all = [...few, member('two', undefined, [undefined, ['/', 'Prefix', 'any']])];
  expect(routesOf(all).find('b.org', '/x')).toBe('two/any:80');
});
