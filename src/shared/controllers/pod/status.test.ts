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
