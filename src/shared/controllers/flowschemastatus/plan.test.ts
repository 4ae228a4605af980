import { expect, test } from '@jest/globals';
import type { FlowSchema } from '../../kinds/schema/types.ts';
import { plan } from './plan.ts';

const schema = (conditions?: object[]): FlowSchema => ({
  metadata: { name: 's' },
  spec: { priorityLevelConfiguration: { name: 'l' }, matchingPrecedence: 1 },
  ...(conditions && { status: { conditions } }),
});
const found = {
  type: 'Dangling',
  status: 'False',
  reason: 'Found',
  message: 'This FlowSchema references the PriorityLevelConfiguration object named "l" and it exists',
};
const missing = {
  type: 'Dangling',
  status: 'True',
  reason: 'NotFound',
  message:
    'This FlowSchema references the PriorityLevelConfiguration object named "l" but there is no such object',
};
const then = '1970-01-01T00:00:00Z';
const now = '1970-01-01T00:00:05Z';

test.each([
  ['a schema whose level is there', schema(), ['l'], [{ ...found, lastTransitionTime: now }]],
  ['a schema whose level is not there', schema(), [], [{ ...missing, lastTransitionTime: now }]],
  ['what is said already', schema([{ ...found, lastTransitionTime: then }]), ['l'], undefined],
  [
    'a level that has gone',
    schema([{ type: 'Other' }, { ...found, lastTransitionTime: then }]),
    ['m'],
    [{ type: 'Other' }, { ...missing, lastTransitionTime: now }],
  ],
  [
    'other words for the same',
    schema([{ ...found, message: 'm', lastTransitionTime: then }]),
    ['l'],
    [{ ...found, lastTransitionTime: then }],
  ],
])('%s', (_, object, levels, conditions) => {
  expect(plan(object, new Set(levels), 5_000)).toEqual(conditions);
});
