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

test("ports that stand in each other's way are told in their order, and the others cost nothing", () => {
  const warnings = (...ports: object[]) =>
    portWarnings([['c', { name: 'c', ports: ports.map((port) => ({ ...port, protocol: 'TCP' })) as never }]]);
  const port = (hostPort?: number, hostIP?: string) => ({ containerPort: 80, hostPort, hostIP });
  expect(warnings(port(1), port(), port(1, '::1'), port(1, '::2'), port(2), port(1), port(1, '::2'))).toEqual(
    [
      'c.ports[1]: overlapping port definition with c.ports[0]',
      'c.ports[2]: dangerously ambiguous port definition with c.ports[0]',
      'c.ports[2]: overlapping port definition with c.ports[1]',
      'c.ports[3]: dangerously ambiguous port definition with c.ports[0]',
      'c.ports[3]: overlapping port definition with c.ports[1]',
      'c.ports[4]: overlapping port definition with c.ports[1]',
      'c.ports[5]: duplicate port definition with c.ports[0]',
      'c.ports[5]: overlapping port definition with c.ports[1]',
      'c.ports[5]: dangerously ambiguous port definition with c.ports[2]',
      'c.ports[5]: dangerously ambiguous port definition with c.ports[3]',
      'c.ports[6]: dangerously ambiguous port definition with c.ports[0]',
      'c.ports[6]: overlapping port definition with c.ports[1]',
      'c.ports[6]: duplicate port definition with c.ports[3]',
      'c.ports[6]: dangerously ambiguous port definition with c.ports[5]',
    ],
  );
  expect(warnings(...many(60_000, (i) => port(i + 1)))).toEqual([]);
});
