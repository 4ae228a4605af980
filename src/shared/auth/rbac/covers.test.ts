import { expect, test } from '@jest/globals';
import type { PolicyRule } from '../../kinds/schema/types.ts';
import { missingRights, rightsText, TooManyRights } from './covers.ts';

const rule = (verbs: string, resources: string, more: Partial<PolicyRule> = {}): PolicyRule => ({
  verbs: verbs.split(','),
  apiGroups: [''],
  resources: resources.split(','),
  ...more,
});
const paths = (verbs: string, ...nonResourceURLs: string[]): PolicyRule => ({
  verbs: verbs.split(','),
  nonResourceURLs,
});

test.each<{ held: PolicyRule[]; wanted: PolicyRule[]; missing: string }>([
  { held: [], wanted: [], missing: '' },
  { held: [rule('get,list', 'pods')], wanted: [rule('get', 'pods'), rule('list', 'pods')], missing: '' },
  {
    held: [rule('get', 'pods')],
    wanted: [rule('get,list,watch', 'pods,secrets')],
    missing:
      '{APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}\n' +
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list" "watch"]}',
  },
  {
    held: [rule('*', '*', { apiGroups: ['*'] })],
    wanted: [rule('*', 'pods/exec'), rule('bind', 'x')],
    missing: '',
  },
  {
    held: [rule('*', '*', { apiGroups: ['*'] })],
    wanted: [paths('get', '/metrics')],
    missing: '{NonResourceURLs:["/metrics"], Verbs:["get"]}',
  },
  {
    held: [rule('get,list', '*')],
    wanted: [rule('*', 'pods')],
    missing: '{APIGroups:[""], Resources:["pods"], Verbs:["*"]}',
  },
  { held: [rule('get', '*/scale')], wanted: [rule('get', 'pods/scale')], missing: '' },
  {
    held: [rule('get', '*/scale')],
    wanted: [rule('get', 'scale,pods')],
    missing:
      '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}\n{APIGroups:[""], Resources:["scale"], Verbs:["get"]}',
  },
  { held: [rule('get', 'maps')], wanted: [rule('get', 'maps', { resourceNames: ['a'] })], missing: '' },
  {
    held: [rule('get', 'maps', { resourceNames: ['a', 'b'] })],
    wanted: [rule('get', 'maps', { resourceNames: ['b', 'c'] })],
    missing: '{APIGroups:[""], Resources:["maps"], ResourceNames:["c"], Verbs:["get"]}',
  },
  {
    held: [rule('get', 'maps', { resourceNames: ['a'] })],
    wanted: [rule('get', 'maps')],
    missing: '{APIGroups:[""], Resources:["maps"], Verbs:["get"]}',
  },
  { held: [paths('get', '/a/*', '/b')], wanted: [paths('get', '/a/x', '/a/*', '/b')], missing: '' },
  {
    held: [paths('get', '/a/*')],
    wanted: [paths('get,post', '/a', '/a/b')],
    missing:
      '{NonResourceURLs:["/a"], Verbs:["get"]}\n{NonResourceURLs:["/a"], Verbs:["post"]}\n' +
      '{NonResourceURLs:["/a/b"], Verbs:["post"]}',
  },
])('of $wanted, $held lacks $missing', ({ held, wanted, missing }) => {
  expect(rightsText(missingRights(held, wanted))).toBe(missing);
});

const many = (count: number, made: (i: number) => string) => Array.from({ length: count }, (_, i) => made(i));

test('of a small rule that stands for very many rights, a thousand that are missing are found', () => {
  const wanted = rule(many(5_000, (i) => `v${i}`).join(), many(5_000, (i) => `r${i}`).join(), {
    apiGroups: many(5_000, (i) => `g${i}`),
  });
  expect(missingRights([], [wanted])).toHaveLength(1_000);
  expect(() => missingRights([wanted], [wanted])).toThrow(TooManyRights);
});

test('each of thousands of rules is compared with those that may cover it', () => {
  const held = Array.from({ length: 15_000 }, (_, i) => rule('get', `r${i}`, { apiGroups: [`g${i}`] }));
  expect(missingRights(held, held)).toEqual([]);
  const named = held.map((_, i) => rule('get', 'r', { resourceNames: [`n${i}`] }));
  expect(missingRights(named, named)).toEqual([]);
});
