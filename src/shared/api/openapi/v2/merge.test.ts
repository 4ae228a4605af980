import { describe, expect, test } from '@jest/globals';
import { partOf, withParts } from './merge.ts';

const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const own: { swagger: string; paths: Record<string, unknown>; definitions: Record<string, unknown> } = {
  swagger: '2.0',
  paths: { '/api/v1': { get: {} } },
  definitions: { Shared: { type: 'object' }, Ship: { type: 'string' } },
};
const theirs = {
  paths: {
    '/apis/far/v1/ships': { get: { responses: { 200: { schema: ref('ShipList') } } } },
    '/apis/far/v10/ships': { get: {} },
    '/api/v1': { get: { theirs: true } },
  },
  definitions: {
    ShipList: { properties: { items: { items: ref('Ship') }, meta: ref('Shared') } },
    Ship: { properties: { next: ref('Ship') } },
    Shared: { type: 'object', 'x-kubernetes-group-version-kind': [{ kind: 'Other' }] },
    Unused: {},
  },
};

describe('Swagger of other servers', () => {
  test('is taken for their version, with the definitions that it leads to', () => {
    const part = partOf(theirs, '/apis/far/v1')!;
    expect(Object.keys(part.paths)).toEqual(['/apis/far/v1/ships']);
    expect(Object.keys(part.definitions).sort()).toEqual(['Shared', 'Ship', 'ShipList']);
  });

  test('is merged: what is the same is shared, what differs gets a number', () => {
    const { paths, definitions } = withParts(own, [partOf(theirs, '/apis/far/v1')!]);
    expect(paths['/api/v1']).toEqual({ get: {} });
    expect(definitions).toEqual({
      Shared: { type: 'object' },
      Ship: { type: 'string' },
      ShipList: { properties: { items: { items: ref('Ship_v2') }, meta: ref('Shared') } },
      Ship_v2: { properties: { next: ref('Ship_v2') } },
    });
    expect(paths['/apis/far/v1/ships']).toEqual({ get: { responses: { 200: { schema: ref('ShipList') } } } });
  });

  test.each([undefined, null, 'text', {}, { paths: [] }])('that is none (%j) is left out', (document) =>
    expect(partOf(document, '/apis/far/v1')).toBeUndefined(),
  );
});
