import { describe, expect, test } from '@jest/globals';
import type { EndpointSlice, Endpoints, Service } from '../../kinds/schema/types.ts';
import { isMirrored, mirror, plan } from './plan.ts';

const source = (subsets: Endpoints['subsets'], metadata: object = {}): Endpoints => ({
  metadata: { name: 'ext', namespace: 'default', uid: 'e', labels: { a: 'b' }, ...metadata },
  subsets,
});
const http = [{ name: 'http', port: 80, protocol: 'TCP' as const }];
const service = (spec: Service['spec'], metadata: object = {}): Service => ({
  metadata: { name: 'ext', ...metadata },
  spec,
});
const addresses = ({ endpoints }: EndpointSlice) =>
  endpoints?.map((e) => [e.addresses[0], e.conditions?.ready]);

describe('whether Endpoints are mirrored', () => {
  test.each([
    ['a Service without a selector', service({}), {}, true],
    ['a Service with one', service({ selector: { app: 'x' } }), {}, false],
    ['a Service that is going', service({}, { deletionTimestamp: 'now' }), {}, false],
    ['no Service', undefined, {}, false],
    [
      'a word against it',
      service({}),
      { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
      false,
    ],
    [
      'a leader election',
      service({}),
      { annotations: { 'control-plane.alpha.kubernetes.io/leader': '' } },
      false,
    ],
  ])('%s', (_, of, metadata, expected) => {
    expect(isMirrored(source([], metadata), of)).toBe(expected);
  });
});

test('one slice for each subset and family, with what Endpoints say of themselves', () => {
  const subsets = [
    {
      addresses: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
      notReadyAddresses: [{ ip: '10.0.0.2' }],
      ports: http,
    },
  ];
  const annotations = { 'a/b': 'c', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
  const { create } = plan(source(subsets, { annotations }), []);
  expect(create.map(({ addressType }) => addressType)).toEqual(['IPv4', 'IPv6']);
  expect(create.map(addresses)).toEqual([
    [
      ['10.0.0.1', true],
      ['10.0.0.2', false],
    ],
    [['fd00::1', true]],
  ]);
  expect(create[0]!.metadata).toMatchObject({
    generateName: 'ext-',
    labels: {
      a: 'b',
      'kubernetes.io/service-name': 'ext',
      'endpointslice.kubernetes.io/managed-by': mirror,
    },
    annotations: { 'a/b': 'c' },
    ownerReferences: [{ kind: 'Endpoints', name: 'ext', controller: true }],
  });
  expect(create[0]!.metadata.annotations).not.toHaveProperty([
    'kubectl.kubernetes.io/last-applied-configuration',
  ]);
});

describe('a change', () => {
  const first = plan(source([{ addresses: [{ ip: '10.0.0.1' }], ports: http }]), []).create;
  const named = first.map((slice) => ({ ...slice, metadata: { ...slice.metadata, uid: 's1' } }));

  test('of nothing changes nothing', () => {
    const again = plan(source([{ addresses: [{ ip: '10.0.0.1' }], ports: http }]), named);
    expect(again).toEqual({ create: [], update: [], delete: [] });
  });

  test.each([
    ['addresses', { addresses: [{ ip: '10.0.0.9' }], ports: http }],
    ['ports', { addresses: [{ ip: '10.0.0.1' }], ports: [{ ...http[0]!, port: 81 }] }],
  ])('of %s changes the slice that is there', (_, subset) => {
    const { create, update, delete: gone } = plan(source([subset]), named);
    expect([create, gone]).toEqual([[], []]);
    expect(update.map(({ metadata }) => metadata.uid)).toEqual(['s1']);
  });

  test('to another family makes one and removes one', () => {
    const todo = plan(source([{ addresses: [{ ip: 'fd00::1' }], ports: http }]), named);
    expect([todo.create.length, todo.update.length, todo.delete.length]).toEqual([1, 0, 1]);
  });
});
