import { expect, test } from '@jest/globals';
import { fakeClients } from '../../../../test/support/controllers/fakeApi.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import { seededIds } from '../../clock/seededIds.ts';
import { silentLogger } from '../../observability/logger.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import { events } from '../resources.ts';
import { createRecorder } from './recorder.ts';

const pod = { kind: 'Pod', metadata: { name: 'p', namespace: 'default', uid: 'u' } };

/** Returns how many Events there are after processes, one for each entry, told these. */
async function written(told: (string | undefined)[][]): Promise<number> {
  const clock = new ManualClock();
  const client = fakeClients(openMemoryStorage({ clock }), clock, seededIds())('default');
  for (const [process, onces] of told.entries()) {
    const recorder = createRecorder({ client, clock, log: silentLogger, ids: seededIds(process) });
    for (const once of onces)
      recorder.for('kubelet')(pod, {
        type: 'Normal',
        reason: 'Started',
        message: 'Container started',
        ...(once && { once }),
      });
    await recorder.stop();
  }
  return (await client.list(events)).length;
}

test.each<[string, (string | undefined)[][], number]>([
  ['by two processes', [['task 1'], ['task 1']], 1],
  ['twice by one', [['task 1', 'task 1']], 1],
  ['of two tasks', [['task 1', 'task 2'], ['task 2']], 2],
  ['of nothing that happens once', [[undefined], [undefined]], 2],
])('news told %s', async (_, told, count) => {
  expect(await written(told)).toBe(count);
});
