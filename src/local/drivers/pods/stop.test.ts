import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { trivialNetwork } from '../../../../test/support/trivialNetwork.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { openProcessPods } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'shallop-stop-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a Pod that is to end at once does not wait for others to be led elsewhere, and one with a grace does', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const left: string[] = [];
  const runtime = await openProcessPods({
    ...{ clock: new ManualClock(), folder, imageMap: join(folder, 'images.json'), nodeNames: ['a'] },
    events: () => {},
    network: {
      ...trivialNetwork(),
      leaving: async ({ uid }) => {
        left.push(uid);
        await promise;
      },
    },
  });
  const ref = (uid: string) => ({ cluster: 'default', namespace: 'n', name: uid, uid });
  await runtime.stop(ref('now'), 0);
  let isStopped = false;
  const stopped = runtime.stop(ref('later'), 30).then(() => {
    isStopped = true;
  });
  await new Promise(setImmediate);
  expect([left, isStopped]).toEqual([['now', 'later'], false]);
  resolve();
  await stopped;
  await runtime.close();
});
