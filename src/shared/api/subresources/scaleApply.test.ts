import { expect, test } from '@jest/globals';
import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';
import { testServer } from '../testing/testingServer.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const headers = { 'content-type': 'application/apply-patch+yaml' };
const scaleOf = (replicas: number, more: object = {}) => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: {},
  spec: { replicas },
  ...more,
});

async function deployed() {
  const { send } = await testServer();
  await send(`POST ${deployments}?fieldManager=maker`, {
    body: {
      metadata: { name: 'd' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'a' }] } },
      },
    },
  });
  const apply = (query: string, body: object, name = 'd') =>
    send(`PATCH ${deployments}/${name}/scale?${query}`, { headers, body });
  const stored = async () => {
    const { spec, metadata } = (await send(`GET ${deployments}/d`)).json;
    const owners = (metadata.managedFields as ManagedFieldsEntry[]).filter(
      ({ fieldsV1 }) =>
        (fieldsV1 as Record<string, object>)['f:spec'] && 'f:replicas' in (fieldsV1 as never)['f:spec'],
    );
    return {
      replicas: spec.replicas,
      generation: metadata.generation,
      owners: owners.map(({ manager, operation, apiVersion, subresource }) =>
        [manager, operation, apiVersion, subresource].filter(Boolean).join(' '),
      ),
    };
  };
  return { apply, stored };
}

test('who applies a Scale owns the replicas, and nobody else does', async () => {
  const { apply, stored } = await deployed();
  const { status, json } = await apply('fieldManager=foo&force=true', scaleOf(3));
  expect(status).toBe(200);
  expect(json).toMatchObject({ kind: 'Scale', metadata: { name: 'd' }, spec: { replicas: 3 } });
  const owners = ['foo Apply apps/v1 scale'];
  expect(await stored()).toEqual({ replicas: 3, generation: 2, owners });
  expect((await apply('fieldManager=foo', scaleOf(4, { status: { replicas: 9 } }))).status).toBe(200);
  expect(await stored()).toEqual({ replicas: 4, generation: 3, owners });
});

test('who names what is so already owns it too', async () => {
  const { apply, stored } = await deployed();
  expect((await apply('fieldManager=bar', scaleOf(2))).status).toBe(200);
  expect((await stored()).owners).toEqual(['bar Apply apps/v1 scale', 'maker Update apps/v1']);
});

test('a dry run changes nothing', async () => {
  const { apply, stored } = await deployed();
  const { json } = await apply('fieldManager=foo&force=true&dryRun=All', scaleOf(9));
  expect(json.spec).toEqual({ replicas: 9 });
  expect((await stored()).replicas).toBe(2);
});

// In the words of a real 1.35.
test.each([
  {
    query: 'fieldManager=foo',
    body: scaleOf(3),
    status: 409,
    message: 'Apply failed with 1 conflict: conflict with "maker" using autoscaling/v1: .spec.replicas',
  },
  {
    query: '',
    body: scaleOf(3),
    status: 422,
    message:
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  },
  {
    query: 'fieldManager=foo',
    body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: {} },
    status: 400,
    message: 'invalid object type: apps/v1, Kind=Deployment',
  },
  {
    query: 'fieldManager=foo',
    body: scaleOf(3, { spec: { foo: 1 } }),
    status: 500,
    message:
      'failed to create typed patch object (/; autoscaling/v1, Kind=Scale): .spec.foo: field not declared in schema',
  },
  {
    query: 'fieldManager=foo&force=true',
    body: scaleOf(-1),
    status: 422,
    message:
      'Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  },
  {
    query: 'fieldManager=foo&force=true',
    body: scaleOf(3, { metadata: { name: 'other' } }),
    status: 400,
    message: 'the name of the object (other) does not match the name on the URL (d)',
  },
])('refuses $body.spec with $status', async ({ query, body, status, message }) => {
  const { apply, stored } = await deployed();
  const answer = await apply(query, body);
  expect([answer.status, answer.json.message]).toEqual([status, message]);
  expect((await stored()).replicas).toBe(2);
});

test('there is nothing to scale that is not there', async () => {
  const { apply } = await deployed();
  expect((await apply('fieldManager=foo', scaleOf(1), 'nope')).status).toBe(404);
});
