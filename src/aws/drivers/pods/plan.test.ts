import { expect, test } from '@jest/globals';
import { podOf } from '../../../../test/support/aws/fakeEcsWorld.ts';
import { kubeletBackOff } from '../../../shared/podspec/backOff.ts';
import { planPod } from './plan.ts';

const pod = podOf({
  initContainers: [
    { name: 'sidecar', restartPolicy: 'Always' },
    { name: 'init', image: 'i' },
  ],
  containers: [{ name: 'c', image: 'i' }],
});

test.each([
  ['init', 1, 'stop'],
  ['shallop-projector', 1, 'stop'],
  ['init', 0, 'wait'],
  ['sidecar', 1, 'wait'],
])('a task whose %s ended with %i before it ran: %s', (name, exitCode, step) => {
  const others = ['sidecar', 'init', 'c'].filter((each) => each !== name);
  const containers = [
    { name, lastStatus: 'STOPPED', exitCode },
    ...others.map((each) => ({ name: each, lastStatus: 'PENDING' })),
  ];
  const task = { taskArn: 'a/t', lastStatus: 'PENDING', desiredStatus: 'RUNNING', containers };
  expect(planPod({ pod, tasks: [task], now: 0, backOff: kubeletBackOff }).do).toBe(step);
});
