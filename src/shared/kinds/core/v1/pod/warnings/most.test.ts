import { expect, test } from '@jest/globals';
import type { Container, Volume } from '../../../../schema/types.ts';
import { portWarnings } from './ports.ts';
import { volumeWarnings } from './volumes.ts';

const many = <T>(count: number, made: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => made(i));
const volume = (...paths: string[]): Volume => ({
  name: 'v',
  configMap: { name: 'm', items: paths.map((path, i) => ({ key: `k${i}`, path })) },
});

test('files that stand in the way of each other are told in their order, over, under and at the same path', () => {
  const found = volumeWarnings('spec', [
    volume('a/b', 'a', 'ab', 'a/b/c', 'a/', 'x', '', '/', 'x/y/z', 'a/b'),
  ]);
  const text = 'volume "v" (ConfigMap "m"): overlapping paths: ';
  expect(found.map((each) => each.replace(text, ''))).toEqual([
    '"a" with "a/b"',
    '"a/b/c" with "a/b"',
    '"a/b/c" with "a"',
    '"a" with "a/b"',
    '"a" with "a"',
    '"a" with "a/b/c"',
    '"x/y/z" with "x"',
    '"a/b" with "a/b"',
    '"a/b" with "a"',
    '"a/b" with "a/b/c"',
    '"a/b" with "a"',
  ]);
});

test('of pairs of thousands of files and ports a thousand are told', () => {
  expect(volumeWarnings('spec', [volume(...many(30_000, () => 'a'))])).toHaveLength(1_000);
  expect(volumeWarnings('spec', [volume(...many(60_000, (i) => `p${i}`))])).toEqual([]);
  expect(volumeWarnings('spec', [volume('a/'.repeat(100_000), 'b')])).toEqual([]);
  const ports = many(30_000, () => ({ containerPort: 80, protocol: 'TCP' as const }));
  const container: Container = { name: 'c', ports };
  expect(portWarnings([['spec.containers[0]', container]])).toHaveLength(1_000);
});
