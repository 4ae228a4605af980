import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PathChange, Redirect, RequestMatch, RouteRule } from '../../../shared/ports/cloud.ts';
import { changedPath, locationOf, withChanges } from './changes.ts';
import { Hosts } from './hosts.ts';
import { matcher, Prepared } from './matching.ts';
import { Turns } from './turns.ts';

const prefix = { type: 'prefix' as const, value: '/' };
const rule = (match: Partial<RequestMatch>, name = 'r'): RouteRule => ({
  name,
  match: { path: prefix, ...match },
  backends: [],
});

describe('a request matches', () => {
  const asked = {
    url: '/a/b?q=1&q=2&empty=',
    method: 'GET',
    headers: { 'x-one': 'first', accept: 'a, b' },
  };
  test.each<[Partial<RequestMatch>, boolean]>([
    [{}, true],
    [{ path: { type: 'exact', value: '/a/b' } }, true],
    [{ path: { type: 'exact', value: '/a' } }, false],
    [{ path: { type: 'exact', value: '/a/b/' } }, false],
    [{ path: { type: 'prefix', value: '/a' } }, true],
    [{ path: { type: 'prefix', value: '/a/' } }, true],
    [{ path: { type: 'prefix', value: '/a/b/' } }, true],
    [{ path: { type: 'prefix', value: '/a/bc' } }, false],
    [{ path: { type: 'regex', value: '/[a-z]/b' } }, true],
    [{ path: { type: 'regex', value: '/a' } }, false],
    [{ path: { type: 'regex', value: '(' } }, false],
    [{ method: 'GET' }, true],
    [{ method: 'POST' }, false],
    [{ headers: [{ name: 'X-One', value: 'first' }] }, true],
    [{ headers: [{ name: 'x-one', value: 'other' }] }, false],
    [{ headers: [{ name: 'x-one', value: 'f.*', isRegex: true }] }, true],
    [{ headers: [{ name: 'x-one', value: 'f', isRegex: true }] }, false],
    [{ headers: [{ name: '__proto__', value: '.*', isRegex: true }] }, false],
    [{ query: [{ name: 'q', value: '1' }] }, true],
    [{ query: [{ name: 'q', value: '2' }] }, false],
    [{ query: [{ name: 'empty', value: '' }] }, true],
    [{ query: [{ name: 'Q', value: '1' }] }, false],
  ])('%j: %j', (match, isMatch) => expect(!!matcher([[rule(match)]])(asked)).toBe(isMatch));

  test('the first rule that it matches', () => {
    const rules = [rule({ method: 'POST' }, 'post'), rule({}, 'any'), rule({}, 'late')];
    expect(matcher([rules])(asked)?.name).toBe('any');
    expect(matcher([rules.slice(0, 1), rules.slice(1)])(asked)?.name).toBe('any');
  });

  test('lists that hosts have in common are prepared once', () => {
    const [own, wider] = [[rule({}, 'own')], [rule({}, 'wider')]];
    const prepared = new Prepared();
    for (let i = 0; i < 3; i++) matcher([own, wider], prepared);
    expect([...prepared.lists]).toEqual([own, wider]);
  });

  test.each(['/x/../a', '/%61', '//a'])('by what the program understands: %s', (url) =>
    expect(matcher([[rule({ path: { type: 'exact', value: '/a' } })]])({ ...asked, url })).toBeDefined(),
  );

  test.each<[RequestMatch['path']['type'], string]>([
    ['exact', '/a%20b'],
    ['exact', '/50%'],
    ['prefix', '/a%20b/'],
  ])('a path that is written with escapes: %s %s', (type, value) =>
    expect(matcher([[rule({ path: { type, value } })]])({ ...asked, url: value })).toBeDefined(),
  );

  test('a prefix of very many slashes takes no time', () => {
    const slashes = rule({ path: { type: 'prefix', value: `${'/'.repeat(1_000_000)}a` } });
    expect(matcher([[slashes]])(asked)).toBeUndefined();
  });

  test('an expression that would explode elsewhere takes no time', () => {
    const evil = rule({ path: { type: 'regex', value: '/(a+)+b' } });
    expect(matcher([[evil]])({ ...asked, url: `/${'a'.repeat(50_000)}` })).toBeUndefined();
  });

  test('expressions that are too much together are refused, and a few are not', () => {
    const large = rule({ path: { type: 'regex', value: '/([a-z]?){90}x' } });
    const url = `/${'a'.repeat(2_000)}`;
    expect(matcher([[large]])({ ...asked, url })).toBeUndefined();
    const many = matcher([Array.from({ length: 100 }, () => large), [rule({})]]);
    expect(() => many({ ...asked, url })).toThrow('more than a request is worth');
    expect(many(asked)?.name).toBe('r');
  });
});

describe('hosts', () => {
  const hosts = new Hosts<string>();
  hosts.add('A.example.com', 'exact');
  hosts.add('*.example.com', 'wild');
  hosts.add('*.b.example.com', 'longer');
  hosts.add('*.one.org', 'one label', true);
  hosts.add('', 'any');
  test.each([
    ['a.example.com', 'exact'],
    ['c.example.com', 'wild'],
    ['c.d.example.com', 'wild'],
    ['c.b.example.com', 'longer'],
    ['example.com', 'any'],
    ['a.one.org', 'one label'],
    ['a.b.one.org', 'any'],
    ['localhost', 'any'],
    ['', 'any'],
    [`${'a.'.repeat(50_000)}example.com`, 'any'],
  ])('%.40s is served as %s', (host, value) => expect(hosts.find(host)).toBe(value));
});

test('headers are set, added and removed', () => {
  const before = ['A', '1', 'b', '2', 'C', '3'];
  const changes = { set: [{ name: 'a', value: 'x' }], add: [{ name: 'B', value: 'y' }], remove: ['c'] };
  expect(withChanges(before, changes, undefined)).toEqual(['b', '2', 'a', 'x', 'B', 'y']);
  expect(withChanges(before)).toBe(before);
});

test.each<[string, PathChange, string]>([
  ['/a/b?q=1', { type: 'full', value: '/x' }, '/x?q=1'],
  ['/a/b?q=1', { type: 'prefix', prefix: '/a', value: '/x' }, '/x/b?q=1'],
  ['/a', { type: 'prefix', prefix: '/a', value: '/x' }, '/x'],
  ['/a/', { type: 'prefix', prefix: '/a', value: '/x' }, '/x/'],
  ['/a/b', { type: 'prefix', prefix: '/a/', value: '/x/' }, '/x/b'],
  ['/a/b', { type: 'prefix', prefix: '/a', value: '/' }, '/b'],
  ['/a', { type: 'prefix', prefix: '/a', value: '/' }, '/'],
  ['/a?q', { type: 'prefix', prefix: '/a', value: '' }, '/?q'],
  ['/x/../a/b%20c', { type: 'prefix', prefix: '/a', value: '/y' }, '/y/b%20c'],
  ['/a%20b/c', { type: 'prefix', prefix: '/a%20b', value: '/y/' }, '/y/c'],
  ['/x/../a%20b/c', { type: 'prefix', prefix: '/a%20b/', value: '/y' }, '/y/c'],
])('%s after %j is %s', (url, change, changed) => expect(changedPath(url, change)).toBe(changed));

test.each<[Partial<Redirect>, boolean, string]>([
  [{}, false, 'http://a.org/p?q'],
  [{ scheme: 'https' }, false, 'https://a.org:20443/p?q'],
  [{ scheme: 'http' }, true, 'http://a.org/p?q'],
  [{ port: 8080 }, false, 'http://a.org:8080/p?q'],
  [{ hostname: 'b.org', scheme: 'https' }, false, 'https://b.org/p?q'],
  [{ hostname: 'b.org' }, false, 'http://b.org/p?q'],
  [{ path: { type: 'full', value: '/x' } }, false, 'http://a.org/x?q'],
])('a redirect by %j (over TLS: %j) leads to %s', (redirect, isSecure, location) => {
  const reached = (port: number) => (port === 443 ? 20_443 : port);
  const facts = { url: '/p?q', host: 'a.org:80', isSecure, port: isSecure ? 443 : 80, reached };
  expect(locationOf({ statusCode: 302, ...redirect }, facts)).toBe(location);
});

test('each backend of a rule gets its share, whatever the weights', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(weights, (all) => {
      const backends = all.map((weight, i) => ({ weight, backend: `${i}` }));
      const turns = new Turns();
      const total = all.reduce((sum, each) => sum + each, 0);
      const got = all.map(() => 0);
      for (let i = 0; i < total; i++) got[Number(turns.next({ ...rule({}), backends })!.backend)]!++;
      expect(got).toEqual(all);
      if (!total) expect(turns.next({ ...rule({}), backends })).toBeUndefined();
    }),
  );
});

test('turns of rules that are gone are forgotten, others go on', () => {
  const turns = new Turns();
  const backends = [
    { weight: 1, backend: 'a' },
    { weight: 1, backend: 'b' },
  ];
  const next = (name: string) => turns.next({ ...rule({}, name), backends })?.backend;
  expect([next('one'), next('two')]).toEqual(['a', 'a']);
  turns.keep(new Set(['one']));
  expect([next('one'), next('two')]).toEqual(['b', 'a']);
});
