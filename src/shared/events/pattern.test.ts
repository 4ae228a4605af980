import { describe, expect, test } from '@jest/globals';
import type { ObjectEvent } from './objectEvent.ts';
import { patternOf } from './pattern.ts';

const data = {
  kind: 'Pod',
  metadata: { name: 'web-1', labels: { app: 'web' }, finalizers: [] },
  spec: {
    replicas: 3,
    paused: false,
    nothing: null,
    containers: [
      { name: 'a', image: 'x' },
      { name: 'b', image: 'y' },
    ],
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'False' },
      { type: 'Scheduled', status: 'True' },
    ],
  },
};
const event = {
  source: 'shallop.k8s',
  'detail-type': 'Pod MODIFIED',
  detail: { cluster: 'default', data },
} as unknown as ObjectEvent;

const read = (pattern: unknown) => {
  const problems: string[] = [];
  return { pattern: patternOf(pattern, 'pattern', (problem) => problems.push(problem)), problems };
};
const ofData = (pattern: object) => ({ detail: { data: pattern } });

// Rows about lists, null and absence say what EventBridge's own matcher does (aws/event-ruler, README).
describe('an event', () => {
  test.each<[string, object, boolean]>([
    ['of one source', { source: ['shallop.k8s'] }, true],
    ['of another', { source: ['aws.ec2'] }, false],
    ['of one of several types', { 'detail-type': ['Pod ADDED', 'Pod MODIFIED'] }, true],
    ['of a type by its beginning', { 'detail-type': [{ prefix: 'Pod ' }] }, true],
    ['with all fields right', { source: ['shallop.k8s'], 'detail-type': ['Pod ADDED'] }, false],
    ['a field deep inside', ofData({ metadata: { labels: { app: ['web'] } } }), true],
    ['a number', ofData({ spec: { replicas: [3] } }), true],
    ['a number is no text', ofData({ spec: { replicas: ['3'] } }), false],
    ['a boolean', ofData({ spec: { paused: [false] } }), true],
    ['null', ofData({ spec: { nothing: [null] } }), true],
    ['null is not absence', ofData({ spec: { missing: [null] } }), false],
    ['anything but a text', ofData({ metadata: { name: [{ 'anything-but': 'web-2' }] } }), true],
    ['anything but this text', ofData({ metadata: { name: [{ 'anything-but': ['web-1', 'x'] }] } }), false],
    [
      'anything but a beginning',
      ofData({ metadata: { name: [{ 'anything-but': { prefix: 'db' } }] } }),
      true,
    ],
    ['anything but, of what is not there', ofData({ metadata: { uid: [{ 'anything-but': 'x' }] } }), false],
    ['that is there', ofData({ metadata: { name: [{ exists: true }] } }), true],
    ['that is not there', ofData({ metadata: { deletionTimestamp: [{ exists: false }] } }), true],
    ['of which a parent is not there', ofData({ other: { deep: [{ exists: false }] } }), true],
    ['only leaves exist', ofData({ metadata: { labels: [{ exists: true }] } }), false],
    ['an empty list is nothing', ofData({ metadata: { finalizers: [{ exists: false }] } }), true],
    ['a range', ofData({ spec: { replicas: [{ numeric: ['>', 0, '<=', 3] }] } }), true],
    ['out of a range', ofData({ spec: { replicas: [{ numeric: ['>', 3] }] } }), false],
    ['a text is in no range', ofData({ metadata: { name: [{ numeric: ['>=', 0] }] } }), false],
    ['an item of a list', ofData({ spec: { containers: { name: ['b'] } } }), true],
    ['fields of one item', ofData({ status: { conditions: { type: ['Ready'], status: ['False'] } } }), true],
    ['never of two items', ofData({ status: { conditions: { type: ['Ready'], status: ['True'] } } }), false],
    ['nothing of the prototype', ofData({ constructor: [{ exists: true }] }), false],
  ])('fits by %s: %j is %s', (_what, pattern, fits) => {
    const { pattern: made, problems } = read(pattern);
    expect(problems).toEqual([]);
    expect(made.matches(event)).toBe(fits);
  });
});

describe('a pattern is refused', () => {
  test.each<[unknown, string]>([
    [undefined, 'pattern: Required value: a pattern of source, detail-type, detail is wanted'],
    [{}, 'pattern: Required value: a pattern of source, detail-type, detail is wanted'],
    [
      { account: ['1'] },
      'pattern.account: Unsupported value: "account": supported values: source, detail-type, detail',
    ],
    [{ source: 'x' }, 'pattern.source: Invalid value: a list of what it may be is wanted'],
    [{ source: [] }, 'pattern.source: Invalid value: a list of what it may be is wanted'],
    [{ detail: {} }, 'pattern.detail: Invalid value: it has no fields'],
    [
      { source: [{ suffix: 'x' }] },
      'pattern.source[0]: Unsupported value: "suffix": supported values: prefix, anything-but, exists, numeric (EventBridge has it; rules that serve on both planes do not)',
    ],
    [
      { source: [{ like: 'x' }] },
      'pattern.source[0]: Unsupported value: "like": supported values: prefix, anything-but, exists, numeric',
    ],
    [
      { source: [{ constructor: 'x' }] },
      'pattern.source[0]: Unsupported value: "constructor": supported values: prefix, anything-but, exists, numeric',
    ],
    [
      { source: [['x']] },
      'pattern.source[0]: Invalid value: a text, a number, true, false, null or one of prefix, anything-but, exists, numeric is wanted',
    ],
    [{ source: [{ prefix: '' }] }, 'pattern.source[0].prefix: Invalid value: a text is wanted'],
    [
      { source: [{ 'anything-but': ['x', 1] }] },
      'pattern.source[0].anything-but: Invalid value: a text, a number, a list of either, or a prefix is wanted',
    ],
    [
      { source: [{ 'anything-but': { suffix: 'x' } }] },
      'pattern.source[0].anything-but: Invalid value: only prefix may stand in it',
    ],
    [{ source: [{ exists: 'yes' }] }, 'pattern.source[0].exists: Invalid value: true or false is wanted'],
    [
      { detail: { a: [{ numeric: ['>', '0'] }] } },
      'pattern.detail.a[0].numeric: Invalid value: a comparison as [">", 0], or two as [">", 0, "<=", 5], is wanted, of numbers up to 5000000000',
    ],
    [
      { detail: { a: [{ numeric: ['~', 0] }] } },
      'pattern.detail.a[0].numeric: Invalid value: a comparison as [">", 0], or two as [">", 0, "<=", 5], is wanted, of numbers up to 5000000000',
    ],
  ])('%j', (pattern, why) => {
    const { pattern: made, problems } = read(pattern);
    expect(problems).toEqual([why]);
    expect(made.matches(event)).toBe(false);
  });

  test('when it is too deep for the stack', () => {
    let deep: unknown = ['x'];
    for (let i = 0; i < 100_000; i++) deep = { a: deep };
    expect(read({ detail: deep }).problems).toEqual([expect.stringMatching(/more than 32 fields deep$/)]);
  });
});
