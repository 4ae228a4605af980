import { expect, test } from '@jest/globals';
import { testServer } from '../testing/testingServer.ts';

/** What charts send: values that are null, empty or zero. The answers are those of a real server. */
const headers = { 'content-type': 'application/apply-patch+yaml' };

async function applied(path: string, created: object, applies: object) {
  const { send, clock } = await testServer();
  expect((await send(`POST ${path}`, { body: created })).status).toBe(201);
  const line = `PATCH ${path}/a?fieldManager=helm&force=true`;
  const { status, json } = await send(line, { headers, body: applies });
  expect(status).toBe(200);
  // Applied once more it changes nothing, not even a time.
  clock.advance(2_000);
  const { json: again } = await send(line, { headers, body: applies });
  expect(again.metadata.resourceVersion).toBe(json.metadata.resourceVersion);
  const entries: { manager: string; fieldsV1: object }[] = json.metadata.managedFields;
  return { json, owned: entries.find(({ manager }) => manager === 'helm')?.fieldsV1 };
}

const deployment = (spec: object, pod: object, container: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: {
    selector: { matchLabels: { a: 'b' } },
    template: {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'i', ...container }], ...pod },
    },
    ...spec,
  },
});
const path = '/apis/apps/v1/namespaces/default/deployments';

test('null and zeros reset what is owned whole, and are owned', async () => {
  const { json, owned } = await applied(
    path,
    deployment({ replicas: 3 }, { tolerations: [{ operator: 'Exists' }] }),
    deployment({ replicas: null, paused: false }, { tolerations: null }, { envFrom: [], resources: null }),
  );
  expect(json.spec.replicas).toBe(1);
  expect(json.spec.template.spec).not.toHaveProperty('tolerations');
  expect(owned).toMatchObject({
    'f:spec': {
      'f:paused': {},
      'f:replicas': {},
      'f:template': {
        'f:spec': {
          'f:containers': { 'k:{"name":"c"}': { 'f:envFrom': {}, 'f:resources': {} } },
          'f:tolerations': {},
        },
      },
    },
  });
});

test('null keeps the parts of a map, which it does not name', async () => {
  const map = (data: object | null) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', labels: null },
    data,
  });
  const { json, owned } = await applied('/api/v1/namespaces/default/configmaps', map({ a: 'b' }), map(null));
  expect(json.data).toEqual({ a: 'b' });
  expect(owned).toEqual({ 'f:data': {}, 'f:metadata': { 'f:labels': {} } });
});

test('an amount in other words than the stored ones changes it, so that its creator loses it', async () => {
  const resources = { requests: { memory: '1024Mi', cpu: '1' } };
  const same = deployment({}, {}, { resources });
  const { send } = await testServer();
  await send(`POST ${path}?fieldManager=creator`, { body: same });
  const { json } = await send(`PATCH ${path}/a?fieldManager=helm&force=true`, { headers, body: same });
  const creator = json.metadata.managedFields.find(
    (entry: { manager: string }) => entry.manager === 'creator',
  );
  expect(json.spec.template.spec.containers[0].resources.requests.memory).toBe('1Gi');
  expect(JSON.stringify(creator)).toContain('f:cpu');
  expect(JSON.stringify(creator)).not.toContain('f:memory');
});
