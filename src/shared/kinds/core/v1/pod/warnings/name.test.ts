import { expect, test } from '@jest/globals';
import { pod } from '../index.ts';

const spec = { containers: [{ name: 'c', image: 'i' }] };
const hint =
  "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";

test('a Pod whose name is no label is taken with a warning, in the words of a real server', () => {
  const warningsOf = (name: string) => pod.warnings?.({ metadata: { name }, spec });
  expect(warningsOf('a'.repeat(64))).toEqual([`${hint}: [must be no more than 63 characters]`]);
  expect(warningsOf('a'.repeat(63))).toEqual([]);
});

test('a change of it brings none', () => {
  const metadata = { name: 'a'.repeat(64) };
  expect(pod.warnings?.({ metadata, spec }, { metadata, spec })).toEqual([]);
});
