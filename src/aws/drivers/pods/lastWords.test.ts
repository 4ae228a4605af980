import { expect, test } from '@jest/globals';
import { podOf } from '../../../../test/support/aws/fakeEcsWorld.ts';
import type { ObjectMeta } from '../../../shared/kinds/schema/types.ts';
import { withLastWords } from './lastWords.ts';

const deletionTimestamp = '2026-01-01T00:00:00Z';

test.each<[string, Partial<ObjectMeta>, number]>([
  ['that stays', {}, 1],
  ['that is being deleted', { deletionTimestamp }, 0],
  [
    'whose end somebody waits for',
    { deletionTimestamp, finalizers: ['batch.kubernetes.io/job-tracking'] },
    1,
  ],
])('the log of a Pod %s is read as its message %i times', async (_, metadata, reads) => {
  const pod = podOf({ containers: [{ name: 'c', terminationMessagePolicy: 'FallbackToLogsOnError' }] });
  const status = {
    name: 'c',
    image: 'i',
    imageID: '',
    ready: false,
    restartCount: 0,
    state: { terminated: { exitCode: 3, containerID: 'ecs://task/c' } },
  };
  const read: string[] = [];
  const seen = await withLastWords(
    { ...pod, metadata: { ...pod.metadata, ...metadata } },
    { initContainerStatuses: [], containerStatuses: [status], stopped: true },
    async (container, task) => {
      read.push(`${container} ${task}`);
      return Buffer.from('no such table');
    },
  );
  expect(read).toEqual(Array.from({ length: reads }, () => 'c task'));
  expect(seen.containerStatuses[0]?.state?.terminated?.message).toBe(reads ? 'no such table' : undefined);
});
