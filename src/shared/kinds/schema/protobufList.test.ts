import { expect, test } from '@jest/globals';
import { atOnce } from '../../meta/steps.ts';
import { typeNames, typeOf } from './facts.ts';
import { encodeList, encodeProtobuf } from './protobuf-encode.ts';

const lists = typeNames().filter((name) => {
  const { byName } = typeOf(name);
  const items = byName.get('items')?.ref;
  return name.endsWith('List') && byName.has('metadata') && items?.is === 'list' && items.of.is === 'struct';
});

test('there are lists of all kinds', () => {
  expect(lists.length).toBeGreaterThan(50);
  expect(lists).toEqual(expect.arrayContaining(['PodList', 'PartialObjectMetadataList']));
});

test.each(lists)('a %s that is written item by item is what it would be as a whole', (name) => {
  const head = { kind: 'AList', apiVersion: 'v1', metadata: { resourceVersion: '7', continue: 'c' } };
  const items = ['a', 'b'].map((name) => ({
    kind: 'A',
    apiVersion: 'v1',
    metadata: { name, labels: { x: 'y' } },
  }));
  for (const some of [items, []])
    expect(atOnce(encodeList(head, name, some))).toEqual(
      encodeProtobuf({ ...head, items: some } as object, name),
    );
});
