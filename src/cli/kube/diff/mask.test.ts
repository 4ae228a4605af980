import { expect, test } from '@jest/globals';
import type { KubeObject } from '../objects.ts';
import { masked } from './mask.ts';

const key = 'kubectl.kubernetes.io/last-applied-configuration';
const secret = (data?: object, applied?: string): KubeObject => ({
  metadata: { name: 'it', ...(applied && { annotations: { [key]: applied, other: 'shown' } }) },
  ...(data && { data }),
});

test.each<[string, KubeObject | undefined, KubeObject, KubeObject | undefined, KubeObject]>([
  ['what is new', undefined, secret({ a: 'one' }), undefined, secret({ a: '***' })],
  [
    'what stays, changes, goes and comes',
    secret({ a: 'one', b: 'one', c: 'one' }),
    secret({ a: 'one', b: 'two', d: 'two' }),
    secret({ a: '***', b: '*** (before)', c: '***' }),
    secret({ a: '***', b: '*** (after)', d: '***' }),
  ],
  [
    'what was applied, where that changes',
    secret({ a: 'one' }, '{"data":{"a":"one"}}'),
    secret({ a: 'two' }, '{"data":{"a":"two"}}'),
    secret({ a: '*** (before)' }, '*** (before)'),
    secret({ a: '*** (after)' }, '*** (after)'),
  ],
  [
    'what was applied, on one side only',
    secret(undefined, '{"stringData":{"a":"one"}}'),
    secret(),
    secret(undefined, '***'),
    secret(),
  ],
])('no value of a Secret shows: %s', (_what, live, merged, ...wanted) =>
  expect(masked(live, merged)).toEqual(wanted),
);
