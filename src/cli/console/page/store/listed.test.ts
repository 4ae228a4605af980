import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Thing } from '../api/types.ts';
import { changedBy, type Listed, listedAs, refused, unknown, type WatchEvent } from './listed.ts';

const thing = (name: string, resourceVersion: string): Thing => ({
  metadata: { name, namespace: 'a', resourceVersion },
});
const event = (type: string, name: string, version: string): WatchEvent => ({
  type,
  object: thing(name, version),
});
const names = ({ objects }: Listed) =>
  [...objects.values()].map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);

test('events change the list, and say from where the next watch goes on', () => {
  const before = listedAs([thing('x', '1'), thing('y', '2')], '2');
  const after = changedBy(before, [
    event('ADDED', 'z', '3'),
    event('MODIFIED', 'x', '4'),
    event('DELETED', 'y', '5'),
    { type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } },
  ]);
  expect(names(after)).toEqual(['x@4', 'z@3']);
  expect(after.version).toBe('9');
  expect(names(before)).toEqual(['x@1', 'y@2']);
});

test('the same name in two namespaces is two objects', () => {
  const other = { metadata: { name: 'x', namespace: 'b' } };
  expect(listedAs([thing('x', '1'), other], '1').objects.size).toBe(2);
});

test('a version that is too old means to list again, and is no problem', () => {
  const before = listedAs([thing('x', '1')], '1');
  const error = { type: 'ERROR', object: { metadata: {}, code: 410, reason: 'Expired' } };
  for (const after of [changedBy(before, [error]), refused(before, { code: 410 })]) {
    expect(after).toMatchObject({ version: undefined, isLoaded: true });
    expect(after.problem).toBeUndefined();
    expect(names(after)).toEqual(['x@1']);
  }
});

test('a refusal is told, and what was known stays', () => {
  const after = refused(listedAs([thing('x', '1')], '1'), { code: 403, message: 'no' });
  expect(after).toMatchObject({ version: undefined, problem: { message: 'no' } });
  expect(names(after)).toEqual(['x@1']);
  expect(refused(unknown, { code: 403 }).isLoaded).toBe(true);
  expect(changedBy(after, [event('ADDED', 'y', '2')]).problem).toBeUndefined();
});

test('however events are batched, the list is the same', () => {
  const events = fc.array(
    fc.record({
      type: fc.constantFrom('ADDED', 'MODIFIED', 'DELETED'),
      name: fc.constantFrom('x', 'y', 'z'),
    }),
  );
  fc.assert(
    fc.property(events, fc.nat(20), (steps, cut) => {
      const all = steps.map(({ type, name }, at) => event(type, name, `${at}`));
      const whole = changedBy(unknown, all);
      const halves = changedBy(changedBy(unknown, all.slice(0, cut)), all.slice(cut));
      expect([names(halves), halves.version]).toEqual([names(whole), whole.version]);
    }),
  );
});
