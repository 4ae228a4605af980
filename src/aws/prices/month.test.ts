import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { measuringMonth, monthOf, type Running, sold, taskMonth, total } from './month.ts';

const small = { size: { cpu: 256, memory: 512 }, architecture: 'arm64' as const };
const running: Running = { tasks: [], nat: 'none', zones: 2, loadBalancers: 0 };

test('D7: a public address costs half of what the smallest Pod does', () => {
  const { tasks, addresses } = monthOf({ ...running, tasks: [{ ...small, count: 1 }] });
  expect(tasks).toBeCloseTo(7.21, 2);
  expect(addresses).toBeCloseTo(3.65, 2);
});

test('D7: gateways in two zones are cheaper from some 20 Pods on', () => {
  const month = (count: number, nat: Running['nat']) =>
    total(monthOf({ ...running, tasks: [{ ...small, count }], nat }));
  expect(month(19, 'gateway')).toBeGreaterThan(month(19, 'none'));
  expect(month(21, 'gateway')).toBeLessThan(month(21, 'none'));
  expect(month(3, 'instance')).toBeLessThan(month(3, 'none'));
});

test('Spot asks for a part of it', () => {
  expect(taskMonth({ ...small, count: 100, spot: true })).toBeCloseTo(
    0.3 * taskMonth({ ...small, count: 100 }),
    6,
  );
});

test('a Pod pays for the next size that Fargate has', () => {
  expect(sold({ cpu: 300, memory: 100 })).toEqual({ cpu: 512, memory: 1024 });
  expect(() => sold({ cpu: 64_000, memory: 512 })).toThrow('Fargate has no size');
});

test.each([
  [20, '`20`'],
  [60, '`true` (60)'],
  [300, '`300`'],
])('docs/aws.md says what a Pod costs that is measured each %d s', (seconds, setting) => {
  const page = readFileSync(new URL('../../../docs/aws.md', import.meta.url), 'utf8');
  const row = page.split('\n').find((line) => line.startsWith(`| ${setting} |`));
  expect(row?.split('|').at(-2)?.trim()).toBe(measuringMonth(seconds).toFixed(2));
});
