import { describe, expect, test } from '@jest/globals';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import { atOnce } from '../../meta/steps.ts';
import { openapiDocument, openapiIndex, openapiPaths } from './document.ts';
import type { DescribedKind } from './paths.ts';
import { openapiResponse } from './respond.ts';

const all: DescribedKind['verbs'] = [
  'create',
  'get',
  'list',
  'watch',
  'update',
  'patch',
  'delete',
  'deletecollection',
];
const core = { group: '', version: 'v1', namespaced: true, verbs: all };
const kinds: DescribedKind[] = [
  { ...core, kind: 'Pod', plural: 'pods', schema: goSchema('Pod'), subresources: { status: true } },
  { ...core, kind: 'Namespace', plural: 'namespaces', schema: goSchema('Namespace'), namespaced: false },
  { ...core, kind: 'Event', plural: 'events', schema: goSchema('Event') },
  { ...core, group: 'events.k8s.io', kind: 'Event', plural: 'events', schema: goSchema('EventsV1Event') },
  {
    ...core,
    group: 'apps',
    kind: 'Deployment',
    plural: 'deployments',
    schema: goSchema('Deployment'),
    subresources: {
      status: true,
      scale: {
        specReplicas: '.spec.replicas',
        statusReplicas: '.status.replicas',
        selector: '.status.selector',
      },
    },
  },
  {
    ...core,
    group: 'authorization.k8s.io',
    kind: 'SelfSubjectAccessReview',
    plural: 'selfsubjectaccessreviews',
    schema: goSchema('SelfSubjectAccessReview'),
    namespaced: false,
    verbs: ['create'],
    virtual: 'review',
  },
];

interface Parsed {
  paths: Record<string, Record<string, Operation> & { parameters: { name: string }[] }>;
  components: { schemas: Record<string, Schema> };
}
interface Operation {
  parameters?: { name: string; in: string }[];
  'x-kubernetes-group-version-kind': object;
  requestBody?: { content: object };
}
interface Schema {
  properties: Record<string, object>;
  required?: string[];
  'x-kubernetes-group-version-kind'?: object[];
}

const parse = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());
const documentOf = (path: string): Parsed => parse(atOnce(openapiDocument(path, kinds)!.body()));

test('the index names every document under its hash', () => {
  const paths = openapiPaths(kinds);
  expect(paths).toEqual(['api/v1', 'apis/apps/v1', 'apis/authorization.k8s.io/v1', 'apis/events.k8s.io/v1']);
  const { hash } = openapiDocument('apis/apps/v1', kinds)!;
  expect(hash).toMatch(/^[0-9A-F]{128}$/);
  expect(parse(openapiIndex(kinds)).paths['apis/apps/v1']).toEqual({
    serverRelativeURL: `/openapi/v3/apis/apps/v1?hash=${hash}`,
  });
});

describe('operations', () => {
  test('a namespaced kind has these paths', () => {
    expect(Object.keys(documentOf('apis/apps/v1').paths)).toEqual([
      '/apis/apps/v1/namespaces/{namespace}/deployments',
      '/apis/apps/v1/deployments',
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}',
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/status',
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale',
    ]);
  });

  test('a review can only be posted', () => {
    const { paths } = documentOf('apis/authorization.k8s.io/v1');
    expect(Object.entries(paths).map(([path, item]) => [path, Object.keys(item)])).toEqual([
      ['/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', ['post', 'parameters']],
    ]);
  });

  test('PATCH says what kubectl looks for before it sends dryRun, fieldValidation or a strategic merge patch', () => {
    const patch = documentOf('api/v1').paths['/api/v1/namespaces/{namespace}/pods/{name}']!.patch!;
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: '', kind: 'Pod', version: 'v1' });
    const query = patch.parameters!.filter((p) => p.in === 'query').map((p) => p.name);
    expect(query).toEqual(expect.arrayContaining(['dryRun', 'fieldManager', 'fieldValidation']));
    expect(Object.keys(patch.requestBody!.content)).toContain('application/strategic-merge-patch+json');
  });
});

describe('schemas', () => {
  const { schemas } = documentOf('api/v1').components;

  test('every reference leads to a schema', () => {
    for (const path of openapiPaths(kinds)) {
      const document = documentOf(path);
      for (const [, model] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
        expect(document.components.schemas).toHaveProperty([model!]);
      }
    }
  });

  test('merge keys, list types, required fields and defaults stand as in a real document', () => {
    const spec = schemas['io.k8s.api.core.v1.PodSpec']!;
    expect(spec.required).toEqual(['containers']);
    expect(spec.properties.containers).toEqual({
      type: 'array',
      items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' }], default: {} },
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
    expect(spec.properties.restartPolicy).toEqual({ type: 'string', enum: ['Always', 'Never', 'OnFailure'] });
    expect(schemas['io.k8s.api.core.v1.Container']!.properties.name).toEqual({ type: 'string', default: '' });
    expect(schemas['io.k8s.api.core.v1.ContainerPort']!.properties.protocol).toMatchObject({
      default: 'TCP',
    });
  });

  test('kinds of one name in two groups keep apart', () => {
    const events = documentOf('apis/events.k8s.io/v1').components.schemas['io.k8s.api.events.v1.Event']!;
    expect(events['x-kubernetes-group-version-kind']).toEqual([
      { group: 'events.k8s.io', kind: 'Event', version: 'v1' },
    ]);
    expect(events.properties).toHaveProperty('regarding');
    expect(schemas['io.k8s.api.core.v1.Event']!.properties).toHaveProperty('involvedObject');
  });
});

describe('answers', () => {
  const path = 'apis/apps/v1';
  const { hash } = openapiDocument(path, kinds)!;
  const ask = (more: object) => openapiResponse({ path, ...more }, kinds);

  test.each([
    ['its hash', { hash }, 200, 'public, immutable, max-age=31536000'],
    ['no hash', {}, 200, 'no-cache, private'],
    ['what the client has', { ifNoneMatch: `"${hash}"` }, 304, 'no-cache, private'],
  ])('a document asked with %s', async (_, more, status, cacheControl) => {
    const response = (await ask(more))!;
    expect(response.status).toBe(status);
    expect(response.headers['cache-control']).toBe(cacheControl);
  });

  test('a wrong hash leads to the right one', async () => {
    expect(await ask({ hash: 'old' })).toMatchObject({
      status: 301,
      headers: { location: `?hash=${hash}` },
    });
  });

  test('the index is plain text', async () => {
    expect((await ask({ path: '' }))!.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  test('there is nothing for a group that is not served', async () => {
    expect(await ask({ path: 'apis/nope/v1' })).toBeUndefined();
  });
});

test('parameters have the words of the options that they are fields of, and none where there are no words', () => {
  const describe = ({ goName }: { goName: string }) =>
    goName === 'ListOptions' ? { fields: { watch: 'Watch for changes' } } : undefined;
  const parametersOf = (words?: typeof describe) => {
    const { paths } = JSON.parse(
      Buffer.from(atOnce(openapiDocument('api/v1', kinds, words)!.body())).toString(),
    ) as Parsed;
    const { get, parameters } = paths['/api/v1/namespaces/{namespace}/pods/{name}/status']!;
    expect(get).not.toHaveProperty('parameters');
    return [...paths['/api/v1/namespaces/{namespace}/pods']!.get!.parameters!, ...parameters];
  };
  const told = parametersOf(describe).filter((parameter) => 'description' in parameter);
  expect(told).toEqual([
    expect.objectContaining({ name: 'watch', description: 'Watch for changes' }),
    expect.objectContaining({ name: 'name', description: 'name of the Pod' }),
  ]);
  expect(parametersOf().filter((parameter) => 'description' in parameter)).toEqual([]);
});
