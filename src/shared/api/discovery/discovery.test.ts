import { describe, expect, test } from '@jest/globals';
import { testServer } from '../testing/testingServer.ts';
import recorded from './testdata/recorded.json' with { type: 'json' };

const aggregated =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

interface Resource {
  resource: string;
  subresources?: { subresource: string }[];
}
interface Group {
  metadata: { name?: string };
  versions: { version: string; resources: Resource[] }[];
}

describe('aggregated', () => {
  test.each(['/api', '/apis'])('%s says of each resource what a real server says', async (path) => {
    const { send } = await testServer();
    const { json, headers } = await send(`GET ${path}`, { headers: { accept: aggregated } });
    expect(headers).toMatchObject({
      'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      vary: 'Accept',
      etag: expect.stringMatching(/^"[0-9A-F]{128}"$/),
    });
    const resourcesKnown = recorded as Record<string, Resource>;
    for (const { metadata, versions } of json.items as Group[])
      for (const { version, resources } of versions)
        for (const resource of resources) {
          const known = resourcesKnown[`${metadata.name ?? ''}/${version}/${resource.resource}`];
          if (!known) continue;
          const { subresources: served = [], ...rest } = resource;
          const { subresources: all = [], ...recordedRest } = known;
          expect(rest).toEqual(recordedRest);
          // Some subresources are not served yet.
          expect(all).toEqual(expect.arrayContaining(served));
        }
  });

  test('the ETag answers 304', async () => {
    const { send } = await testServer();
    const first = await send('GET /apis', { headers: { accept: aggregated } });
    const again = { accept: aggregated, 'if-none-match': String(first.headers.etag) };
    expect(await send('GET /apis', { headers: again })).toMatchObject({ status: 304, text: '' });
  });

  test('v2beta1 alone is not acceptable', async () => {
    const { send } = await testServer();
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList';
    expect(await send('GET /api', { headers: { accept } })).toMatchObject({
      status: 406,
      json: {
        message:
          'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      },
    });
  });
});

test('logical clusters are known in the default cluster only, and only while they exist', async () => {
  const { send } = await testServer();
  const groups = async (prefix: string) =>
    (await send(`GET ${prefix}/apis`)).json.groups?.map(({ name }: { name: string }) => name);
  expect(await groups('')).toContain('shallop.dev');
  expect((await send('GET /clusters/branch/apis')).json.message).toBe(
    'logicalclusters.shallop.dev "branch" not found',
  );
  await send('POST /apis/shallop.dev/v1/logicalclusters', { body: { metadata: { name: 'branch' } } });
  expect(await groups('/clusters/branch')).not.toContain('shallop.dev');
  expect((await send('GET /clusters/branch/apis/shallop.dev/v1/logicalclusters')).text).toBe(
    '404 page not found\n',
  );
  await send('POST /clusters/branch/api/v1/namespaces', { body: { metadata: { name: 'only-here' } } });
  expect((await send('GET /api/v1/namespaces/only-here')).status).toBe(404);
  expect((await send('GET /clusters/branch/api/v1/namespaces/only-here')).status).toBe(200);
});

describe('legacy lists', () => {
  test.each([
    { path: '/api', found: { kind: 'APIVersions', versions: ['v1'] } },
    { path: '/api/', found: { kind: 'APIVersions' } },
    { path: '/apis', found: { kind: 'APIGroupList', apiVersion: 'v1' } },
    {
      path: '/apis/apps',
      found: {
        kind: 'APIGroup',
        apiVersion: 'v1',
        name: 'apps',
        preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
      },
    },
    { path: '/api/v1', found: { kind: 'APIResourceList', groupVersion: 'v1' } },
  ])('$path', async ({ path, found }) => {
    const { send } = await testServer();
    expect((await send(`GET ${path}`)).json).toMatchObject(found);
  });

  test('/apis/apps/v1 has the subresources beside their resource', async () => {
    const { send } = await testServer();
    const { json } = await send('GET /apis/apps/v1');
    expect(json).toMatchObject({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'apps/v1' });
    const { resources } = json as { resources: { name: string }[] };
    const first = resources.findIndex(({ name }) => name === 'deployments');
    expect(resources.slice(first, first + 2)).toEqual([
      {
        name: 'deployments',
        singularName: 'deployment',
        namespaced: true,
        kind: 'Deployment',
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
        shortNames: ['deploy'],
        categories: ['all'],
        storageVersionHash: '8aSe+NMegvE=',
      },
      {
        name: 'deployments/scale',
        singularName: '',
        namespaced: true,
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: ['get', 'patch', 'update'],
      },
    ]);
  });
});

test.each([
  // As a real server answers.
  { path: '/api/v1', resource: 'pods', hash: 'xPOwRZ+Yhw8=' },
  { path: '/api/v1', resource: 'events', hash: 'r2yiGXH7wu8=' },
  { path: '/apis/events.k8s.io/v1', resource: 'events', hash: 'r2yiGXH7wu8=' },
  { path: '/apis/authorization.k8s.io/v1', resource: 'subjectaccessreviews', hash: undefined },
])('$path says in which version $resource are stored', async ({ path, resource, hash }) => {
  const { json } = await (await testServer()).send(`GET ${path}`);
  const found = json.resources.find(({ name }: { name: string }) => name === resource);
  expect(found.storageVersionHash).toBe(hash);
});

describe('other paths', () => {
  const anybody = { peer: {} };

  test.each([
    { path: '/healthz', text: 'ok' },
    { path: '/readyz?verbose', text: '[+]ping ok\n[+]etcd ok\n[+]slow ok\nreadyz check passed\n' },
    { path: '/readyz?exclude=slow&verbose=1', text: '[+]ping ok\n[+]etcd ok\nreadyz check passed\n' },
  ])('$path is open to anybody', async ({ path, text }) => {
    const { send } = await testServer({ readiness: { slow: () => {} } });
    expect(await send(`GET ${path}`, anybody)).toMatchObject({ status: 200, text });
  });

  test('one check by name is for those who may ask for it', async () => {
    const { send } = await testServer();
    expect(await send('GET /livez/ping')).toMatchObject({ status: 200, text: 'ok' });
    expect((await send('GET /livez/ping', anybody)).status).toBe(403);
  });

  test('a failing check is told without its reason', async () => {
    const { send } = await testServer({ readiness: { slow: () => Promise.reject(new Error('secret')) } });
    const { status, text } = await send('GET /readyz', anybody);
    expect({ status, text }).toEqual({
      status: 500,
      text: '[+]ping ok\n[+]etcd ok\n[-]slow failed: reason withheld\nreadyz check failed\n',
    });
    expect((await send('GET /livez', anybody)).status).toBe(200);
  });

  test('/version names the release that clients are to expect', async () => {
    const { send } = await testServer();
    expect((await send('GET /version', anybody)).json).toMatchObject({
      major: '1',
      minor: '35',
      emulationMajor: '1',
      emulationMinor: '35',
      minCompatibilityMajor: '1',
      minCompatibilityMinor: '34',
    });
  });

  test('/ lists paths, /openapi/v3 its documents, /metrics what was counted', async () => {
    const { send } = await testServer();
    expect((await send('GET /')).json.paths).toEqual(
      expect.arrayContaining(['/api/v1', '/apis/apps/v1', '/version']),
    );
    expect((await send('GET /openapi/v3')).json.paths).toHaveProperty(['apis/apps/v1']);
    expect((await send('GET /metrics')).status).toBe(200);
    expect((await send('POST /version')).status).toBe(405);
    expect((await send('GET /openapi/v4')).text).toBe('404 page not found\n');
  });
});
