import { describe, expect, test } from '@jest/globals';
import { delimited, Reader, varint } from '../../../kinds/schema/wire.ts';
import { testServer } from '../../testing/testingServer.ts';

const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const ask = async (headers: Record<string, string> = {}) => {
  const { handle, send } = await testServer();
  const { body } = await handle({
    method: 'GET',
    target: '/openapi/v2?timeout=32s',
    header: (name) => headers[name],
    headersBeginning: () => [],
    body: async () => new Uint8Array(),
    peer: { address: '', internal: { user: 'u', groups: [] } },
    signal: new AbortController().signal,
  });
  return { ...(await send('GET /openapi/v2', { headers })), bytes: body as Uint8Array };
};

describe('/openapi/v2', () => {
  test('has every operation under its name, with body and answer', async () => {
    const { json } = await ask();
    const path = '/apis/apps/v1/namespaces/{namespace}/deployments/{name}';
    expect(json.paths[path].patch).toMatchObject({
      operationId: 'patchAppsV1NamespacedDeployment',
      tags: ['apps_v1'],
      consumes: expect.arrayContaining(['application/merge-patch+json']),
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group: 'apps', kind: 'Deployment', version: 'v1' },
      responses: { 200: { schema: { $ref: '#/definitions/io.k8s.api.apps.v1.Deployment' } } },
    });
    const [body, ...query] = json.paths[path].patch.parameters;
    expect(body).toMatchObject({ name: 'body', in: 'body', required: true });
    expect(query).toContainEqual({ name: 'dryRun', in: 'query', type: 'string', uniqueItems: true });
  });

  test('every operation has a name of its own', async () => {
    const { json } = await ask();
    const items = Object.values(json.paths) as Record<string, { operationId?: string }>[];
    const names = items.flatMap((item) =>
      Object.values(item).flatMap(({ operationId }) => operationId ?? []),
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'listCoreV1PodForAllNamespaces',
        'deleteCoreV1CollectionNamespacedPod',
        'createCoreV1NamespacedPodEviction',
        'readCoreV1NamespacedPodLog',
        'replaceCoreV1NamespaceFinalize',
        'createAuthorizationV1SubjectAccessReview',
        'readShallopDevV1LogicalCluster',
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test('definitions are Swagger: no default, no oneOf, extensions beside a $ref', async () => {
    const { json } = await ask();
    const text = JSON.stringify(json.definitions);
    expect(text).not.toMatch(/"(oneOf|allOf)":\[|components\/schemas/);
    expect(json.definitions['io.k8s.api.apps.v1.DeploymentSpec'].properties.strategy).toEqual({
      $ref: '#/definitions/io.k8s.api.apps.v1.DeploymentStrategy',
      'x-kubernetes-patch-strategy': 'retainKeys',
    });
    for (const [, model] of text.matchAll(/"#\/definitions\/([^"]+)"/g))
      expect(json.definitions).toHaveProperty([model!]);
  });

  test('the protobuf form has the same paths and definitions, in whole messages', async () => {
    const { json, headers, bytes } = { ...(await ask()), ...(await onlyProto()) };
    expect(headers['content-type']).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
    const document = fieldsOf(bytes);
    expect(String(document[1])).toBe('2.0');
    expect(namesIn(document.at(8)!, 2)).toEqual(Object.keys(json.paths));
    expect(namesIn(document.at(9)!, 1)).toEqual(Object.keys(json.definitions));
  });

  test.each([
    ['text/html', 406],
    [protobuf, 200],
    ['*/*', 200],
  ])('asked as %s it answers %i', async (accept, status) => {
    expect((await ask({ accept })).status).toBe(status);
  });

  test('is not sent to those who have it', async () => {
    const { headers } = await ask();
    expect(await ask({ 'if-none-match': String(headers.etag) })).toMatchObject({ status: 304, text: '' });
  });
});

const onlyProto = async () => {
  const { headers, bytes } = await ask({ accept: protobuf });
  return { headers, bytes };
};

/** The last value of each field. */
function fieldsOf(bytes: Uint8Array): Buffer[] {
  const fields: Buffer[] = [];
  each(bytes, (number, value) => {
    fields[number] = value;
  });
  return fields;
}

function namesIn(map: Uint8Array, field: number): string[] {
  const names: string[] = [];
  each(map, (number, entry) => {
    if (number === field) names.push(String(fieldsOf(entry)[1]));
  });
  return names;
}

function each(bytes: Uint8Array, see: (number: number, value: Buffer) => void): void {
  const reader = new Reader(bytes);
  while (!reader.done) {
    const { number, wire } = reader.tag();
    expect([delimited, varint]).toContain(wire);
    if (wire === delimited) see(number, reader.delimited());
    else reader.skip(wire);
  }
}
