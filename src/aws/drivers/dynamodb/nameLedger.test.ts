import { expect, test } from '@jest/globals';
import { Simulator } from '../../../../test/support/dynamodb/simulator.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { type Ledger, memoryLedger } from '../names/ledger.ts';
import { openNameLedger } from './nameLedger.ts';

const overTable = (): Ledger => {
  const [clock, ids] = [new ManualClock(), seededIds()];
  const { client } = new Simulator({ clock, ids }).connect();
  return openNameLedger({ client, table: 'shallop', clock, ids });
};
const web = { cluster: 'default', namespace: 'ns', name: 'web' };
const sets = [
  { Name: 'web.ns.svc.cluster.local.', Type: 'A' as const, TTL: 5, ResourceRecords: [{ Value: '10.0.0.1' }] },
];

test.each([
  ['in memory', memoryLedger],
  ['in the table', overTable],
])('D13: a ledger %s keeps the newest entry, and refuses who has read an older one', async (_, open) => {
  const ledger = open();
  expect(await ledger.read(web)).toBeUndefined();
  const first = await ledger.write(web, { uid: 'u' }, undefined);
  expect(await ledger.read(web)).toEqual({ uid: 'u', version: first?.version });
  expect(await ledger.write(web, { uid: 'other' }, undefined)).toBeUndefined();
  const second = await ledger.write(web, { uid: 'u', sets }, first);
  expect(await ledger.write(web, { uid: 'late' }, first)).toBeUndefined();
  expect(await ledger.read(web)).toEqual({ uid: 'u', sets, version: second?.version });
  await ledger.write({ ...web, name: 'db' }, { uid: 'd' }, undefined);
  expect((await ledger.all()).map(({ ref }) => ref.name).sort()).toEqual(['db', 'web']);
  expect(await ledger.erase(web, first!)).toBe(false);
  expect(await ledger.erase(web, second!)).toBe(true);
  expect(await ledger.read(web)).toBeUndefined();
});
