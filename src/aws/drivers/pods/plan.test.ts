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

test.each([
  ['sidecar', 'Always', 'stop'],
  ['sidecar', 'OnFailure', 'wait'],
  ['sidecar', 'Never', 'wait'],
  ['c', 'Always', 'stop'],
  ['c', 'OnFailure', 'stop'],
  ['c', 'Never', 'stop'],
] as const)('a liveness probe that has given up %s under %s: %s', (name, restartPolicy, step) => {
  const livenessProbe = { exec: { command: ['check'] } };
  const probed = podOf({
    restartPolicy,
    initContainers: [{ name: 'sidecar', restartPolicy: 'Always', livenessProbe }],
    containers: [{ name: 'c', image: 'i', livenessProbe }],
  });
  const containers = ['sidecar', 'c'].map((each) => ({
    name: each,
    lastStatus: 'RUNNING',
    healthStatus: each === name ? ('UNHEALTHY' as const) : ('HEALTHY' as const),
  }));
  const task = { taskArn: 'a/t', lastStatus: 'RUNNING', desiredStatus: 'RUNNING', containers };
  expect(planPod({ pod: probed, tasks: [task], now: 0, backOff: kubeletBackOff }).do).toBe(step);
});
