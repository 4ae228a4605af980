import { expect, test } from '@jest/globals';
import type { ReconcileContext } from '../controller.ts';
import { pod } from './index.ts';

/** Functions of two versions work side by side while a deployment is upgraded, and know each other's keys or not. */
test('of a key that names no incarnation of a Pod nothing is looked at, and nothing discarded', async () => {
  const untouched = new Proxy({}, { get: () => expect(true).toBe(false) }) as ReconcileContext;
  for (const name of ['pods', 'web', 'web/'])
    expect(await pod.reconcile({ cluster: 'default', namespace: '', name }, untouched)).toBeUndefined();
});

test('the key of the survey is to earlier versions one of a Pod that is gone, and not of all of them', () => {
  const { name = '' } = pod.survey ?? {};
  expect(name.split('/')[1]).toBeTruthy();
});
