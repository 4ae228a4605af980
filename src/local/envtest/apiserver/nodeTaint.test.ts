import { expect, test } from '@jest/globals';
import { testServer } from '../../../shared/api/testing/testingServer.ts';
import { nodeTaint } from './nodeTaint.ts';
import { pluginFlags } from './plugins.ts';

const nodes = '/api/v1/nodes';
const metadata = { name: 'n' };
const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
const own = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
const noExecute = { ...notReady, effect: 'NoExecute' };

test.each([
  ['without a spec', undefined, [notReady]],
  ['with taints of its own', [own, noExecute], [own, noExecute, notReady]],
  ['with the taint', [{ ...notReady, value: 'v' }, own], [{ ...notReady, value: 'v' }, own]],
])('a new Node %s is tainted as not ready once', async (_, taints, expected) => {
  const { send } = await testServer({ admission: [nodeTaint] });
  const { json } = await send(`POST ${nodes}`, { body: { metadata, ...(taints && { spec: { taints } }) } });
  expect(json.spec.taints).toEqual(expected);
});

test('a Node that has lost the taint does not get it again', async () => {
  const { send } = await testServer({ admission: [nodeTaint] });
  await send(`POST ${nodes}`, { body: { metadata } });
  const { json } = await send(`PUT ${nodes}/n`, { body: { metadata, spec: {} } });
  expect(json.spec.taints).toBeUndefined();
});

test('it is on unless its flag turns it off', () => {
  expect(pluginFlags([], []).admits(nodeTaint.name)).toBe(true);
  const { problems, admits } = pluginFlags([], [nodeTaint.name]);
  expect([problems, admits(nodeTaint.name)]).toEqual([[], false]);
});
