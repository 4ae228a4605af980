import { expect, test } from '@jest/globals';
import { testServer } from '../testing/testingServer.ts';

const pods = '/api/v1/namespaces/default/pods';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const type = 'application/apply-patch+yaml';
const amounts = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } });
const pod = (spec: object) => ({
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'a', image: 'nginx', ...spec }] },
});

/** Entries of managedFields but the creator's, as a real server writes them; without times. */
async function entriesAfter(create: [string, object], change: [string, object, string?]) {
  const { send } = await testServer();
  await send(`POST ${create[0]}?fieldManager=creator`, { body: create[1] });
  const headers = { 'content-type': change[2] ?? type };
  const { status } = await send(`PATCH ${change[0]}`, { headers, body: change[1] });
  expect(status).toBe(200);
  const { json } = await send(`GET ${change[0].replace(/\/[a-z]+\?.*/, '')}`);
  return json.metadata.managedFields
    .filter(({ manager }: { manager: string }) => manager !== 'creator')
    .map(({ time: _, ...entry }: { time: string }) => entry);
}

const owned = { 'f:limits': { 'f:cpu': {}, 'f:memory': {} }, 'f:requests': { 'f:cpu': {}, 'f:memory': {} } };

test('who applies a resize owns all that was named, under the subresource', async () => {
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', labels: { x: 'y' } },
    spec: { containers: [{ name: 'a', resources: amounts('2', '2Gi') }] },
  };
  const entries = await entriesAfter(
    [pods, pod({ resources: amounts('1', '1Gi') })],
    [`${pods}/p/resize?fieldManager=sizer&force=true`, body],
  );
  expect(entries).toEqual([
    {
      manager: 'sizer',
      operation: 'Apply',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:labels': { 'f:x': {} } },
        'f:spec': {
          'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:resources': owned } },
        },
      },
      subresource: 'resize',
    },
  ]);
});

test('who patches a resize owns the resources', async () => {
  const entries = await entriesAfter(
    [pods, pod({ resources: amounts('1', '1Gi') })],
    [
      `${pods}/p/resize?fieldManager=sizer`,
      { spec: { containers: [{ name: 'a', resources: amounts('2', '2Gi') }] } },
      'application/strategic-merge-patch+json',
    ],
  );
  expect(entries).toMatchObject([
    {
      operation: 'Update',
      fieldsV1: { 'f:spec': { 'f:containers': { 'k:{"name":"a"}': { 'f:resources': owned } } } },
      subresource: 'resize',
    },
  ]);
});

test('who applies a Scale owns the number of what is scaled', async () => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const deployment = {
    metadata: { name: 'd' },
    spec: { replicas: 1, selector: { matchLabels: { a: 'b' } }, template },
  };
  const body = {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'd' },
    spec: { replicas: 3 },
  };
  const entries = await entriesAfter(
    [deployments, deployment],
    [`${deployments}/d/scale?fieldManager=scaler&force=true`, body],
  );
  expect(entries).toEqual([
    {
      manager: 'scaler',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      subresource: 'scale',
    },
  ]);
});

test('ephemeral containers are applied as well as patched', async () => {
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { ephemeralContainers: [{ name: 'e', image: 'busybox' }] },
  };
  const entries = await entriesAfter(
    [pods, pod({})],
    [`${pods}/p/ephemeralcontainers?fieldManager=debugger`, body],
  );
  expect(entries).toMatchObject([
    {
      operation: 'Apply',
      subresource: 'ephemeralcontainers',
      fieldsV1: { 'f:spec': { 'f:ephemeralContainers': { 'k:{"name":"e"}': { 'f:image': {} } } } },
    },
  ]);
});

test('a running Pod is not resized where its runtime says nothing of resources', async () => {
  const { send } = await testServer();
  await send(`POST ${pods}`, { body: pod({ resources: amounts('1', '1Gi') }) });
  const running = {
    status: {
      containerStatuses: [
        { name: 'a', state: { running: {} }, ready: true, restartCount: 0, image: '', imageID: '' },
      ],
    },
  };
  const headers = { 'content-type': 'application/merge-patch+json' };
  await send(`PATCH ${pods}/p/status`, { headers, body: running });
  const { json } = await send(`PATCH ${pods}/p/resize`, {
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
    body: { spec: { containers: [{ name: 'a', resources: amounts('2', '2Gi') }] } },
  });
  expect(json).toMatchObject({
    code: 422,
    message: 'Pod "p" is invalid: spec: Forbidden: Pod running on node without support for resize',
  });
});
