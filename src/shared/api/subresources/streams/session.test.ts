import { expect, test } from '@jest/globals';
import type { Authorizer, Decision } from '../../../auth/authorize.ts';
import type { ApiDeps } from '../../deps.ts';
import { testServer } from '../../testing/testingServer.ts';

const pods = '/api/v1/namespaces/default/pods';
const headers = { 'x-shallop-session': 'portforward' };

/** A server with a Pod, and the ports that sessions were asked for. */
async function setUp(phase: string, changes: Partial<ApiDeps> = {}) {
  const ports: number[] = [];
  const podPortSession: ApiDeps['podPortSession'] = async (_pod, port) => {
    ports.push(port);
    return { streamUrl: 'wss://x', tokenValue: 't' };
  };
  const server = await testServer({ podPortSession, ...changes });
  const spec = { containers: [{ name: 'c', image: 'i' }] };
  await server.send(`POST ${pods}`, { body: { metadata: { name: 'p' }, spec } });
  const merge = { 'content-type': 'application/merge-patch+json' };
  await server.send(`PATCH ${pods}/p/status`, { headers: merge, body: { status: { phase } } });
  const ask = (pod: string, query = '') =>
    server.send(`POST ${pods}/${pod}/portforward${query}`, { headers });
  return { ask, ports };
}

test('a session to a port is opened, and asked about without one', async () => {
  const { ask, ports } = await setUp('Running');
  expect((await ask('p')).json).toMatchObject({ kind: 'Status', status: 'Success' });
  expect(ports).toEqual([]);
  const { status, json } = await ask('p', '?port=80');
  expect(status).toBe(201);
  expect(json).toMatchObject({ kind: 'PodSession', streamUrl: 'wss://x', tokenValue: 't' });
  expect(ports).toEqual([80]);
});

test.each([
  { why: 'there is no such Pod', pod: 'none', code: 404 },
  { why: 'it does not run', phase: 'Pending', code: 400 },
  { why: 'the port is none', query: '?port=65536', code: 400 },
  { why: 'the caller may not', changes: { authorizer: { decide: refuse } }, code: 403 },
  { why: 'there are none here', changes: { podPortSession: undefined }, code: 405 },
])('no session when $why', async ({ pod = 'p', phase = 'Running', query = '', changes = {}, code }) => {
  const { ask, ports } = await setUp(phase, changes as Partial<ApiDeps>);
  expect((await ask(pod, query)).json).toMatchObject({ kind: 'Status', code });
  expect(ports).toEqual([]);
});

function refuse({ resource }: Parameters<Authorizer['decide']>[0]): Decision {
  return { allowed: resource?.subresource !== 'portforward' };
}
