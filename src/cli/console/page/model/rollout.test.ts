import { expect, test } from '@jest/globals';
import type { Deployment } from '../api/types.ts';
import { rolloutOf, withFailing } from './rollout.ts';

const deployment = (status: object, spec = {}): Deployment =>
  ({
    metadata: { generation: 2 },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 2, ...status },
  }) as Deployment;
const all = { updatedReplicas: 3, replicas: 3, availableReplicas: 3 };

test.each([
  [
    'nobody has looked',
    deployment({ ...all, observedGeneration: 1 }),
    'busy',
    'A change waits to be seen',
    3,
  ],
  [
    'begun',
    deployment({ updatedReplicas: 1, replicas: 4, availableReplicas: 3 }),
    'busy',
    'Rolling out: 1 of 3 are new',
    0,
  ],
  [
    'half done',
    deployment({ updatedReplicas: 2, replicas: 4, availableReplicas: 4 }),
    'busy',
    'Rolling out: 2 of 3 are new',
    2,
  ],
  [
    'one old left',
    deployment({ updatedReplicas: 3, replicas: 4, availableReplicas: 4 }),
    'busy',
    'Rolling out: 1 old Pod to go',
    3,
  ],
  [
    'two old left',
    deployment({ updatedReplicas: 3, replicas: 5, availableReplicas: 3 }),
    'busy',
    'Rolling out: 2 old Pods to go',
    1,
  ],
  [
    'not yet available',
    deployment({ updatedReplicas: 3, replicas: 3, availableReplicas: 1 }),
    'busy',
    '1 of 3 are available',
    1,
  ],
  ['done', deployment(all), 'good', 'All 3 are up to date and available', 3],
  [
    'done, and it is one',
    deployment({ updatedReplicas: 1, replicas: 1, availableReplicas: 1 }, { replicas: 1 }),
    'good',
    'Up to date and available',
    1,
  ],
  ['paused', deployment(all, { paused: true }), 'quiet', 'Paused', 3],
  ['none wanted', deployment({}, { replicas: 0 }), 'quiet', 'Scaled to zero', 0],
  ['none said means one', deployment({}, { replicas: undefined }), 'busy', 'Rolling out: 0 of 1 are new', 0],
  [
    'stuck',
    deployment({
      conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'it took too long' }],
    }),
    'bad',
    'Stuck: it took too long',
    0,
  ],
  [
    'no Pods to be had',
    deployment({ conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }] }),
    'bad',
    'Stuck: FailedCreate',
    0,
  ],
])('%s', (_name, given, tone, text, done) => expect(rolloutOf(given)).toMatchObject({ tone, text, done }));

test('Pods that fail are said with it, once', () => {
  const going = rolloutOf(deployment({ updatedReplicas: 1, replicas: 4, availableReplicas: 3 }));
  expect(withFailing(going, 0)).toBe(going);
  expect(withFailing(going, 1)).toMatchObject({ tone: 'bad', text: 'Rolling out: 1 of 3 are new; 1 fails' });
  const stuck = rolloutOf(
    deployment({ conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'x' }] }),
  );
  expect(withFailing(stuck, 2)).toBe(stuck);
});
