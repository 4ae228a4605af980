import { expect, test } from '@jest/globals';
import { podOf } from '../../../../test/support/aws/fakeEcsWorld.ts';
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
