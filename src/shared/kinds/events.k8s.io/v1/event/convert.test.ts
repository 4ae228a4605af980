import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Event, EventsV1Event } from '../../../schema/types.ts';
import { fromCore, toCore } from './convert.ts';

const recorded = <T>(name: string): T =>
  (
    JSON.parse(readFileSync(new URL(`../../../testdata/tables/${name}.json`, import.meta.url), 'utf8')) as {
      object: T;
    }
  ).object;

test('the newer form goes to the core form and back, with its fields in order', () => {
  const event = recorded<EventsV1Event>('event-v1');
  expect(JSON.stringify(fromCore(toCore(event)))).toBe(JSON.stringify(event));
});

test('the core form goes to the newer form and back, with its fields in order', () => {
  const event = recorded<Event>('event');
  expect(JSON.stringify(toCore(fromCore(event)))).toBe(JSON.stringify(event));
});

test('each form has its own names for the same things', () => {
  expect(toCore(recorded<EventsV1Event>('event-v1'))).toMatchObject({
    involvedObject: { kind: 'Pod', name: 'd-pod' },
    message: 'hello',
    reportingComponent: 'x.io/y',
    firstTimestamp: null,
  });
  expect(fromCore(recorded<Event>('event'))).toMatchObject({
    regarding: { kind: 'Pod', name: 'd-pod' },
    note: 'hello',
    deprecatedSource: { component: 'x' },
    deprecatedCount: 1,
    eventTime: null,
  });
});

test('a series keeps its count and time', () => {
  const series = { count: 4, lastObservedTime: '2026-01-01T00:00:00.000000Z' };
  const event = { ...recorded<EventsV1Event>('event-v1'), series };
  expect(toCore(event).series).toEqual(series);
  expect(fromCore(toCore(event)).series).toEqual(series);
});
