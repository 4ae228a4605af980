import { expect, test } from '@jest/globals';
import { podOf } from '../../../../test/support/aws/fakeEcsWorld.ts';
import { eventsOf } from './events.ts';
import { statusOf } from './statuses.ts';

test.each(['STOPPED', 'DELETED'])(
  'what last was seen to run in a task that is %s has ended, somehow',
  (lastStatus) => {
    const pod = podOf('web');
    const [container] = pod.spec!.containers;
    const containers = [{ name: 'c', lastStatus: 'RUNNING' }];
    const task = {
      taskArn: 'task/1',
      lastStatus,
      desiredStatus: 'STOPPED',
      containers,
      stoppedAt: new Date(5_000),
    };
    expect(statusOf(pod, container!, [task], 9_000)).toMatchObject({
      ready: false,
      started: false,
      state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } },
    });
  },
);

test('D2: a program for another processor says in its status and in an Event what to do', () => {
  const pod = podOf('app');
  const task = {
    taskArn: 'arn:aws:ecs:us-east-1:000000000000:task/pods/1',
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stopCode: 'TaskFailedToStart' as const,
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    containers: [
      {
        name: 'c',
        lastStatus: 'STOPPED',
        exitCode: 255,
        reason: 'CannotStartContainerError: exec /app: exec format error',
      },
    ],
  };
  const status = statusOf(pod, pod.spec!.containers[0]!, [task], 0);
  const cure = expect.stringContaining('node selector kubernetes.io/arch: arm64');
  expect(status.state?.terminated).toMatchObject({ reason: 'StartError', message: cure });
  const ref = { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' };
  const seen = { initContainerStatuses: [], containerStatuses: [status], stopped: false };
  expect(eventsOf(ref, pod, seen)).toContainEqual(
    expect.objectContaining({ type: 'Warning', reason: 'Failed', message: cure }),
  );
});
