import { expect, test } from '@jest/globals';
import type { ContainerStatus, Pod, PodStatus } from '../../../schema/types.ts';
import { readyText, restartsText, statusText } from './summary.ts';

const now = Date.parse('2026-01-01T01:00:00Z');
const fiveMinutesAgo = '2026-01-01T00:55:00Z';

const container = (name: string, rest: Partial<ContainerStatus>): ContainerStatus => ({
  name,
  ready: false,
  restartCount: 0,
  image: '',
  imageID: '',
  ...rest,
});
const running = (name = 'a') => container(name, { ready: true, started: true, state: { running: {} } });
const ended = (exitCode: number, reason?: string, name = 'a') =>
  container(name, { state: { terminated: { exitCode, reason } } });
const waiting = (reason: string, name = 'a') => container(name, { state: { waiting: { reason } } });
const isTrue = (type: string) => ({ type, status: 'True' }) as NonNullable<PodStatus['conditions']>[number];

interface Case {
  why: string;
  status: PodStatus;
  init?: string[];
  sidecars?: string[];
  main?: string[];
  deleted?: true;
  row: [string, string, string];
}

const cases: Case[] = [
  { why: 'nothing runs yet', status: { phase: 'Pending' }, row: ['0/1', 'Pending', '0'] },
  {
    why: 'the image is being fetched',
    status: { phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] },
    row: ['0/1', 'ContainerCreating', '0'],
  },
  {
    why: 'it runs',
    status: { phase: 'Running', containerStatuses: [running()] },
    row: ['1/1', 'Running', '0'],
  },
  {
    why: 'it keeps crashing',
    status: {
      phase: 'Running',
      containerStatuses: [
        container('a', {
          restartCount: 2,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 1, finishedAt: fiveMinutesAgo } },
        }),
      ],
    },
    row: ['0/1', 'CrashLoopBackOff', '2 (5m ago)'],
  },
  {
    why: 'all is done',
    status: { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] },
    row: ['0/1', 'Completed', '0'],
  },
  {
    why: 'one is done and one goes on',
    main: ['a', 'b'],
    status: {
      phase: 'Running',
      conditions: [isTrue('Ready')],
      containerStatuses: [ended(0, 'Completed'), running('b')],
    },
    row: ['1/2', 'Running', '0'],
  },
  {
    why: 'one is done and one goes on, but the Pod is not ready',
    main: ['a', 'b'],
    status: { phase: 'Running', containerStatuses: [ended(0, 'Completed'), running('b')] },
    row: ['1/2', 'NotReady', '0'],
  },
  {
    why: 'one failed and one is done',
    main: ['a', 'b'],
    status: { phase: 'Failed', containerStatuses: [ended(0, 'Completed'), ended(1, 'Error', 'b')] },
    row: ['0/2', 'Error', '0'],
  },
  {
    why: 'it ended without a reason',
    status: { phase: 'Failed', containerStatuses: [ended(3)] },
    row: ['0/1', 'ExitCode:3', '0'],
  },
  {
    why: 'the second init container works',
    init: ['i', 'j'],
    status: {
      phase: 'Pending',
      initContainerStatuses: [ended(0, 'Completed', 'i'), container('j', { state: { running: {} } })],
      containerStatuses: [waiting('PodInitializing')],
    },
    row: ['0/1', 'Init:1/2', '0'],
  },
  {
    why: 'an init container failed',
    init: ['i'],
    status: { phase: 'Failed', initContainerStatuses: [ended(1, 'Error', 'i')] },
    row: ['0/1', 'Init:Error', '0'],
  },
  {
    why: 'an init container cannot start',
    init: ['i'],
    status: { phase: 'Pending', initContainerStatuses: [waiting('ImagePullBackOff', 'i')] },
    row: ['0/1', 'Init:ImagePullBackOff', '0'],
  },
  {
    why: 'a sidecar counts as a container',
    sidecars: ['s'],
    status: {
      phase: 'Running',
      conditions: [isTrue('Initialized')],
      initContainerStatuses: [{ ...running('s'), restartCount: 1 }],
      containerStatuses: [running()],
    },
    row: ['2/2', 'Running', '1'],
  },
  {
    why: 'it is being deleted',
    deleted: true,
    status: { phase: 'Running', containerStatuses: [running()] },
    row: ['1/1', 'Terminating', '0'],
  },
  {
    why: 'it is being deleted and has ended',
    deleted: true,
    status: { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] },
    row: ['0/1', 'Completed', '0'],
  },
  {
    why: 'its node is lost',
    deleted: true,
    status: { phase: 'Running', reason: 'NodeLost', containerStatuses: [running()] },
    row: ['1/1', 'Unknown', '0'],
  },
  {
    why: 'it was evicted',
    status: { phase: 'Failed', reason: 'Evicted' },
    row: ['0/1', 'Evicted', '0'],
  },
  {
    why: 'it waits at a gate',
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
    },
    row: ['0/1', 'SchedulingGated', '0'],
  },
];

test.each(cases)('$row when $why', ({ status, init = [], sidecars = [], main = ['a'], deleted, row }) => {
  const pod: Pod = {
    metadata: { name: 'p', ...(deleted && { deletionTimestamp: fiveMinutesAgo }) },
    spec: {
      initContainers: [
        ...init.map((name) => ({ name })),
        ...sidecars.map((name) => ({ name, restartPolicy: 'Always' })),
      ],
      containers: main.map((name) => ({ name })),
    },
    status,
  };
  expect([readyText(pod), statusText(pod), restartsText(pod, now)]).toEqual(row);
});
