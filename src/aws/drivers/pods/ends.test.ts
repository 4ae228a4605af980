import type { Task } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { platformCure } from './architecture.ts';
import { endOf, failedToPull } from './ends.ts';
import { attemptOf, attemptValue, podRefOf } from './identity.ts';

const pulls = [
  'CannotPullContainerError: The task cannot pull ghcr.io/a:1 from the registry ghcr.io/a:1. ref not found',
  'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref docker.io/a:1: not found',
  'CannotPullContainerError: ref pull has been retried 1 time(s): toomanyrequests: You have reached your pull rate limit',
  'CannotPullContainerError: image Manifest does not contain descriptor matching platform linux/arm64',
];

test.each<[string, Task, string]>([
  ...pulls.map((stoppedReason): [string, Task, string] => [
    stoppedReason,
    { stopCode: 'TaskFailedToStart', stoppedReason },
    'pull',
  ]),
  [
    'a Secret that cannot be read',
    {
      stopCode: 'TaskFailedToStart',
      stoppedReason:
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed',
    },
    'config',
  ],
  [
    'no place',
    { stopCode: 'TaskFailedToStart', stoppedReason: 'Capacity is unavailable at this time.' },
    'sandbox',
  ],
  [
    'no network',
    {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Timeout waiting for network interface provisioning to complete.',
    },
    'sandbox',
  ],
  [
    'no reason that is known',
    { stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start' },
    'sandbox',
  ],
  ['an exit', { stopCode: 'EssentialContainerExited', containers: [{ name: 'c', exitCode: 1 }] }, 'exited'],
  [
    'a refusal by the program',
    {
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'access denied',
      containers: [{ name: 'c', exitCode: 1 }],
    },
    'exited',
  ],
  ['our own stop', { stopCode: 'UserInitiated', containers: [{ name: 'c', exitCode: 143 }] }, 'exited'],
  [
    'D11: volumes that could not be filled, whatever the restart policy',
    {
      stopCode: 'UserInitiated',
      containers: [
        { name: 'shallop-projector', exitCode: 1 },
        { name: 'c', exitCode: 143, reason: 'CannotStartContainerError: dependency graph' },
      ],
    },
    'config',
  ],
  ['Spot', { stopCode: 'SpotInterruption', containers: [{ name: 'c', exitCode: 143 }] }, 'evicted'],
  ['Spot without a code', { stoppedReason: 'Your Spot Task was interrupted.' }, 'evicted'],
  ['maintenance', { stopCode: 'TerminationNotice' }, 'evicted'],
  [
    'a program that is not there',
    {
      stopCode: 'TaskFailedToStart',
      containers: [{ name: 'c', reason: 'CannotStartContainerError: exec: "x": not found' }],
    },
    'exited',
  ],
])('%s', (_, task, kind) => {
  expect(endOf(task).kind).toBe(kind);
});

test('D2: an image for another processor says what to do about it', () => {
  const end = endOf({ stopCode: 'TaskFailedToStart', stoppedReason: pulls[3]! });
  expect(end).toMatchObject({ kind: 'pull' });
  expect('message' in end && end.message).toBe(
    'image Manifest does not contain descriptor matching platform linux/arm64; ' +
      'the image is not for linux/arm64, on which this Pod runs: set the node selector kubernetes.io/arch: amd64, ' +
      'or build the image with --platform linux/arm64, or deploy with -c architecture=amd64',
  );
  const task = { attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }] };
  expect(platformCure('exec /bin/app: exec format error', task)).toContain('kubernetes.io/arch: arm64');
  expect(platformCure('exec /bin/app: exec format error', {})).toContain('node selector');
  expect(platformCure('exec /bin/app: not found', task)).toBeUndefined();
});

test('which container it was whose image could not be had', () => {
  const containers = [
    { name: 'a', image: 'ghcr.io/x/a:1' },
    { name: 'b', image: 'ghcr.io/x/b:1', reason: pulls[0]! },
  ];
  expect(containers.filter((c) => failedToPull({ containers }, c)).map(({ name }) => name)).toEqual(['b']);
  const told = containers.map(({ name, image }) => ({ name, image }));
  const task = { containers: told, stoppedReason: 'CannotPullContainerError: ghcr.io/x/a:1: not found' };
  expect(told.filter((c) => failedToPull(task, c)).map(({ name }) => name)).toEqual(['a']);
});

const detail: Task = {
  taskArn: 'arn:aws:ecs:us-east-1:0:task/pods/abc',
  startedBy: 'uid-1',
  version: 7,
  lastStatus: 'RUNNING',
  overrides: {
    containerOverrides: [
      { name: 'c', environment: [{ name: 'SHALLOP_POD', value: 'dev/default/ns/web-1' }] },
    ],
  },
};
const event = (more: object = {}) => ({
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  detail,
  ...more,
});

test('an event names its Pod and the version of what it says', () => {
  expect(podRefOf('dev', event())).toEqual({
    ref: { cluster: 'default', namespace: 'ns', name: 'web-1', uid: 'uid-1' },
    task: 'abc',
    version: 7,
  });
});

test.each([
  ['another deployment', 'prod', event()],
  ['another source', 'dev', event({ source: 'x' })],
  ['another event', 'dev', event({ 'detail-type': 'ECS Service Action' })],
  ['a stranger', 'dev', event({ detail: { taskArn: 'x', startedBy: 'me' } })],
  ['a place that is made ready', 'dev', event({ detail: { ...detail, lastStatus: 'PROVISIONING' } })],
  [
    'a place that is taken down',
    'dev',
    event({
      detail: {
        ...detail,
        lastStatus: 'DEPROVISIONING',
        desiredStatus: 'STOPPED',
        containers: [{ name: 'c', lastStatus: 'STOPPED' }],
      },
    }),
  ],
  ['nothing', 'dev', {}],
])('an event of %s wakes nobody', (_, deployment, other) => {
  expect(podRefOf(deployment, other)).toBeUndefined();
});

test.each<[string, Task]>([
  ['runs', { lastStatus: 'RUNNING' }],
  ['has stopped', { lastStatus: 'STOPPED' }],
  ['is at its init containers', { lastStatus: 'ACTIVATING', containers: [{ lastStatus: 'RUNNING' }] }],
  [
    'is interrupted on Spot',
    {
      lastStatus: 'DEACTIVATING',
      desiredStatus: 'STOPPED',
      stopCode: 'SpotInterruption',
      containers: [{ lastStatus: 'RUNNING' }],
    },
  ],
])('an event of a task that %s wakes', (_, task) => {
  expect(podRefOf('dev', event({ detail: { ...detail, ...task } }))).toBeDefined();
});

test('an attempt is read as it was written', () => {
  const attempt = { number: 3, after: 'crash' as const, delayMs: 20_000, raisedAt: 1_767_225_600_000 };
  const environment = [{ name: 'SHALLOP_ATTEMPT', value: attemptValue(attempt) }];
  expect(attemptOf({ overrides: { containerOverrides: [{ environment }] } })).toEqual(attempt);
  expect(attemptOf({})).toEqual({ number: 0, after: 'nothing', delayMs: 0, raisedAt: 0 });
});
