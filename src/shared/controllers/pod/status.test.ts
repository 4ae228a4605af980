import { expect, test } from '@jest/globals';
import type { Pod } from '../../kinds/schema/types.ts';
import { statusOf } from './status.ts';

test('each condition says of which generation of the Pod it is', () => {
  const pod: Pod = {
    metadata: { name: 'p', generation: 3 },
    spec: { containers: [{ name: 'c' }] },
    status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
  };
  const waiting = { state: { waiting: { reason: 'ErrImagePull' } }, image: 'i', imageID: '', ready: false };
  const { conditions } = statusOf(
    pod,
    {
      initContainerStatuses: [],
      containerStatuses: [{ name: 'c', restartCount: 0, ...waiting }],
      stopped: false,
    },
    0,
  );
  expect(conditions?.map(({ type, observedGeneration }) => [type, observedGeneration])).toEqual([
    ['PodReadyToStartContainers', 3],
    ['Initialized', 3],
    ['Ready', 3],
    ['ContainersReady', 3],
    ['PodScheduled', 3],
  ]);
});

test('a Pod is not ready while one of its sidecars is not', () => {
  const readinessProbe = { exec: { command: ['true'] } };
  const pod: Pod = {
    metadata: { name: 'p' },
    spec: {
      initContainers: [{ name: 'once' }, { name: 'beside', restartPolicy: 'Always', readinessProbe }],
      containers: [{ name: 'c' }],
    },
  };
  const common = { image: 'i', imageID: '', restartCount: 0 };
  const running = { ...common, state: { running: {} }, started: true };
  const readiness = (isReady: boolean) =>
    statusOf(
      pod,
      {
        initContainerStatuses: [
          { name: 'once', ...common, state: { terminated: { exitCode: 0 } }, ready: true },
          { name: 'beside', ...running, ready: isReady },
        ],
        containerStatuses: [{ name: 'c', ...running, ready: true }],
        stopped: false,
      },
      0,
    ).conditions?.find(({ type }) => type === 'Ready');
  expect(readiness(false)).toMatchObject({
    status: 'False',
    message: 'containers with unready status: [beside]',
  });
  expect(readiness(true)).toMatchObject({ status: 'True' });
});
