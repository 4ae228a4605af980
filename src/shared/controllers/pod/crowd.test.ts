import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import type { Pod } from '../../kinds/schema/types.ts';
import { crowdOf } from './crowd.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
setFlagsFromString('--no-expose-gc');

/** Has a crowd see one Pod, which nobody else keeps. */
function show(client: object): WeakRef<Pod> {
  const pod: Pod = { metadata: { name: 'p', uid: 'u' }, spec: { nodeName: 'n', containers: [] } };
  crowdOf(client).become([pod]);
  return new WeakRef(pod);
}

test('the crowd of a client is one, and keeps no Pod once nothing is asked', async () => {
  const client = {};
  expect(crowdOf(client)).toBe(crowdOf(client));
  const seen = show(client);
  // What a turn of the event loop has used is collected after it at the earliest.
  for (let turn = 0; turn < 20 && seen.deref(); turn++) {
    await setImmediate();
    collect();
  }
  expect(seen.deref()).toBeUndefined();
  expect(crowdOf(client)).toBe(crowdOf(client));
});
