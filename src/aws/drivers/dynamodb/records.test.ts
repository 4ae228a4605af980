import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Change, Index, Stored } from '../../../shared/ports/storage.ts';
import { decodeBlob } from './blob.ts';
import type { Item } from './layout.ts';
import { decodeEntry, decodeObject, encodeChange, encodeObject } from './records.ts';
import { words } from './words.ts';

const key = { cluster: 'c', resource: 'pods', namespace: 'n', name: 'p' };
const space = 'c\x1fpods';
const index: Index = { labels: { app: 'web' }, fields: { 'status.phase': 'Running' } };
const text = (name: string, phase: string) =>
  `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"${name}","namespace":"n"},"status":{"phase":"${phase}"}}`;
const stored = (revision: string, value: string, its: Index = index): Stored => ({
  ...{ key, revision, index: its },
  value: Buffer.from(value),
});
const previous = stored('6', text('p', 'Pending'));
const random = (length: number) =>
  Array.from({ length }, (_, i) => createHash('sha256').update(String(i)).digest('base64')).join('');

const changes: [string, Change][] = [
  ['a creation', { type: 'put', object: stored('7', text('p', 'Running')) }],
  ['a creation without an index', { type: 'put', object: stored('7', text('p', 'Running'), {}) }],
  ['a change', { type: 'put', object: stored('7', text('p', 'Running')), previous }],
  ['a change of the index', { type: 'put', object: stored('7', text('p', 'Running'), {}), previous }],
  [
    'a first index',
    { type: 'put', object: stored('7', text('p', 'x')), previous: { ...previous, index: {} } },
  ],
  ['a deletion', { type: 'delete', object: stored('7', text('p', 'Running')), previous }],
  [
    'a change of what a fork has from its base',
    { type: 'put', object: stored('7', 'x'), previous: { ...previous, writtenIn: 'b' } },
  ],
  ['nothing but bytes', { type: 'put', object: stored('7', '\x00', {}) }],
  [
    'what no words shorten',
    { type: 'put', object: stored('7', random(4)), previous: stored('6', random(3)) },
  ],
  ['what is too long for one item', { type: 'put', object: stored('7', random(20_000)), previous }],
];

const plain = (change: Change | Stored | undefined) => JSON.parse(JSON.stringify(change)) as unknown;

test.each(changes.flatMap(([name, change]) => [true, false].map((packs) => ({ name, change, packs }))))(
  '$name is read as it was written (packed: $packs)',
  ({ change, packs }) => {
    const [main, ...chunks] = encodeChange(space, 'n\x1fp', change, { at: 5, expires: 9 }, packs);
    const entry = decodeEntry(space, main, Buffer.from(decodeBlob(main, chunks)));
    expect(plain(entry.change)).toEqual(plain({ ...change, at: 5 } as Change));
  },
);

test('D4: a packed change of a Pod has half the length at most', () => {
  const lengthOf = (packs: boolean) => {
    const [main] = encodeChange(space, 'n\x1fp', { ...changes[2]![1] }, { at: 5, expires: 9 }, packs);
    return lengths(main);
  };
  expect(lengthOf(true)).toBeLessThan(lengthOf(false) / 1.5);
});

const objects: [string, Stored][] = [
  ['an object', previous],
  ['what no words shorten', stored('7', random(4))],
  ['what is too long to be packed', stored('7', random(2_000))],
  ['what is too long for one item', stored('7', random(20_000))],
];

test.each(objects.flatMap(([name, object]) => [true, false].map((packs) => ({ name, object, packs }))))(
  '$name is read as it was stored (packed: $packs)',
  ({ object, packs }) => {
    const [main, ...chunks] = encodeObject(space, 'n\x1fp', object, packs);
    expect(plain(decodeObject(space, main, Buffer.from(decodeBlob(main, chunks))))).toEqual(
      plain({ ...object, value: Buffer.from(object.value) }),
    );
    // How many chunks an object has left behind follows from its value, whoever wrote it.
    expect(chunks).toHaveLength(encodeObject(space, 'n\x1fp', object).length - 1);
  },
);

test('D4: a packed object is shorter by a quarter at least', () => {
  const lengthOf = (packs: boolean) => lengths(encodeObject(space, 'n\x1fp', previous, packs)[0]);
  expect(lengthOf(true)).toBeLessThan(lengthOf(false) / 1.3);
});

const lengths = (item: Item) =>
  Object.entries(item).reduce(
    (sum, [name, { S, B, N }]) => sum + name.length + (S ?? B ?? N ?? '').length,
    0,
  );

test('the words are those that entries are packed with for ever', () => {
  expect(createHash('sha256').update(words).digest('hex')).toBe(
    'd37be218835989feb0ed0918af9c572e4ff5fd911c164f809bb19808e9e8f99f',
  );
});
