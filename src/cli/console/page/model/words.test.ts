import { expect, test } from '@jest/globals';
import { cpuText, memoryText, sumOf } from '../../../amounts.ts';
import type { ContainerStatus, Thing } from '../api/types.ts';
import { conditionOf } from './condition.ts';
import { lastEnd, stateOfContainer } from './container.ts';
import { withoutEscapes } from './text.ts';

const status = (state: object, more = {}) => ({ state, ...more }) as ContainerStatus;

test.each([
  ['nothing known', undefined, { word: 'Waiting', tone: 'busy' }],
  [
    'being made',
    status({ waiting: { reason: 'ContainerCreating' } }),
    { word: 'ContainerCreating', tone: 'busy' },
  ],
  [
    'held back',
    status({ waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } }),
    { tone: 'bad', message: 'back-off 10s' },
  ],
  [
    'running',
    status({ running: { startedAt: 'x' } }, { ready: true }),
    { word: 'Running', tone: 'good', at: 'x' },
  ],
  ['running, not ready', status({ running: {} }), { word: 'Running', tone: 'busy' }],
  [
    'failed',
    status({ terminated: { reason: 'Error', exitCode: 3 } }),
    { word: 'Error (exit code 3)', tone: 'bad' },
  ],
  ['killed', status({ terminated: { exitCode: 137, signal: 9 } }), { word: 'Ended (signal 9)', tone: 'bad' }],
  [
    'done',
    status({ terminated: { reason: 'Completed', exitCode: 0 } }),
    { word: 'Completed (exit code 0)', tone: 'quiet' },
  ],
])('a container that is %s', (_name, given, line) => expect(stateOfContainer(given)).toMatchObject(line));

test('how it ended before is told when it has', () => {
  expect(lastEnd(status({}))).toBeUndefined();
  const lastState = { terminated: { reason: 'Error', exitCode: 3, finishedAt: 'x' } };
  expect(lastEnd(status({}, { lastState }))).toMatchObject({ word: 'Error (exit code 3)', at: 'x' });
});

const thing = (status: object, metadata = {}) => ({ metadata, status }) as Thing;
test.each([
  ['says nothing', thing({}), undefined],
  ['has a phase', thing({ phase: 'Bound' }), { word: 'Bound', tone: 'quiet' }],
  ['has lost something', thing({ phase: 'Lost' }), { word: 'Lost', tone: 'bad' }],
  ['is ready', thing({ conditions: [{ type: 'Ready', status: 'True' }] }), { word: 'Ready', tone: 'good' }],
  [
    'is not ready',
    thing({ conditions: [{ type: 'Ready', status: 'False', reason: 'Busy' }] }),
    { word: 'Busy', tone: 'busy' },
  ],
  [
    'has failed',
    thing({ conditions: [{ type: 'Failed', status: 'True' }] }),
    { word: 'Failed', tone: 'bad' },
  ],
  ['has no conditions', thing({ conditions: null, phase: {} }), undefined],
  ['has a map of them', thing({ conditions: { Ready: true }, phase: 'Up' }), { word: 'Up', tone: 'quiet' }],
  ['has one that is none', thing({ conditions: [null, 'Ready', {}] }), undefined],
  ['goes', thing({ phase: 'Bound' }, { deletionTimestamp: 'x' }), { word: 'Terminating', tone: 'quiet' }],
])('an object that %s', (_name, given, line) => expect(conditionOf(given, 'widgets')).toEqual(line));

test.each([
  ['\x1b[31mred\x1b[0m', 'red'],
  ['a\r\nb', 'a\nb'],
  ['\x1b]0;title\x07text', 'text'],
  ['a\tb [31m', 'a\tb [31m'],
])('%j is shown as %j', (given, shown) => expect(withoutEscapes(given)).toBe(shown));

test('amounts are those of kubectl top', () => {
  const cpu = (...amounts: (string | undefined)[]) => cpuText(sumOf(amounts));
  expect([cpu(), cpu('1200u', undefined), cpu('2'), cpu('57m')]).toEqual(['0m', '2m', '2000m', '57m']);
  expect(cpu('0.1', '0.2')).toBe('300m');
  const memory = (...amounts: string[]) => memoryText(sumOf(amounts));
  expect([memory('64Mi'), memory('1023Ki', '1023Ki')]).toEqual(['64Mi', '1Mi']);
});
