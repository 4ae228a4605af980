import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Change, Storage, Stored } from '../../ports/storage.ts';
import { passing } from '../../storage/decorators/passing.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import { testServer } from '../testing/testingServer.ts';

/** As LMDB reads an object: the index is parsed when someone asks, so it is no property of its own. */
class Lazy implements Stored {
  readonly key;
  readonly revision;
  readonly value;
  readonly #index;
  constructor({ key, revision, value, index }: Stored) {
    this.key = key;
    this.revision = revision;
    this.value = value;
    this.#index = index;
  }
  get index() {
    return this.#index;
  }
}

function lazy(inner: Storage): Storage {
  const lazily = (change: Change): Change => ({
    ...change,
    object: new Lazy(change.object),
    ...(change.previous && { previous: new Lazy(change.previous) }),
  });
  return {
    ...passing(inner),
    async list(scope, page) {
      const listing = await inner.list(scope, page);
      return { ...listing, items: listing.items.map((item) => new Lazy(item)) };
    },
    async *watch(scope, since, signal) {
      for await (const change of inner.watch(scope, since, signal))
        yield change.type === 'progress' ? change : lazily(change);
    },
  };
}

test('selectors find objects in another version than the one that is stored', async () => {
  const server = await testServer({ storage: lazy(openMemoryStorage({ clock: new ManualClock() })) });
  const headers = { 'content-type': 'application/json' };
  const schema = { openAPIV3Schema: { type: 'object' } };
  const versions = ['v1', 'v2'].map((name) => ({ name, served: true, storage: name === 'v1', schema }));
  const spec = { group: 'example.com', scope: 'Namespaced', names: { plural: 'mvs', kind: 'Mv' }, versions };
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'mvs.example.com' },
    spec,
  };
  expect((await server.send(`POST ${definitions}`, { headers, body })).status).toBe(201);
  const path = (version: string) => `/apis/example.com/${version}/namespaces/default/mvs`;
  const watch = await server.open(`GET ${path('v2')}?watch=true&labelSelector=a`);
  for (const [name, labels] of Object.entries({ one: { a: 'b' }, two: {} })) {
    const object = { apiVersion: 'example.com/v1', kind: 'Mv', metadata: { name, labels } };
    expect((await server.send(`POST ${path('v1')}`, { headers, body: object })).status).toBe(201);
  }
  const found = { apiVersion: 'example.com/v2', metadata: { name: 'one' } };
  expect(await watch.next()).toMatchObject({ type: 'ADDED', object: found });
  await server.send(`PATCH ${path('v1')}/one`, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { metadata: { labels: null } },
  });
  expect(await watch.next()).toMatchObject({ type: 'DELETED', object: found });
  await watch.close();
  const names = async (selector: string) =>
    (await server.send(`GET ${path('v2')}?labelSelector=${selector}`)).json.items.map(
      (item: { metadata: { name: string } }) => item.metadata.name,
    );
  expect([await names('a'), await names('!a')]).toEqual([[], ['one', 'two']]);
});

test('field selectors find objects that were written in a version with other fields', async () => {
  const server = await testServer();
  const headers = { 'content-type': 'application/json' };
  const version = (name: string, selectable: string[], ...fields: string[]) => ({
    ...{ name, served: true, storage: name === 'v1' },
    schema: {
      openAPIV3Schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])),
          },
        },
      },
    },
    selectableFields: selectable.map((field) => ({ jsonPath: `.spec.${field}` })),
  });
  const body = {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: 'mvs.example.com' },
    spec: {
      ...{ group: 'example.com', scope: 'Namespaced', names: { plural: 'mvs', kind: 'Mv' } },
      versions: [
        version('v1', [], 'color', 'size'),
        version('v2', ['color'], 'color', 'size'),
        version('v3', ['size'], 'color', 'size', 'more'),
      ],
    },
  };
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  expect((await server.send(`POST ${definitions}`, { headers, body })).status).toBe(201);
  const path = (name: string) => `/apis/example.com/${name}/namespaces/default/mvs`;
  const all = ['v1', 'v2', 'v3'];
  for (const name of all) {
    const spec = { color: 'red', size: 's' };
    const object = { apiVersion: `example.com/${name}`, kind: 'Mv', metadata: { name }, spec };
    expect((await server.send(`POST ${path(name)}`, { headers, body: object })).status).toBe(201);
  }
  const found = async (name: string, selector: string) =>
    (await server.send(`GET ${path(name)}?fieldSelector=${encodeURIComponent(selector)}`)).json.items.map(
      (item: { metadata: { name: string } }) => item.metadata.name,
    );
  expect([await found('v2', 'spec.color=red'), await found('v3', 'spec.size=s')]).toEqual([all, all]);
});
