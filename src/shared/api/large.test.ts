import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { AdmissionPlugin } from '../admission/plugin.ts';
import { goSchema } from '../kinds/schema/goSchema.ts';
import { testServer } from './testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';

afterEach(() => {
  jest.restoreAllMocks();
});

/** A server that counts how often a request asks whether others should have their turn. */
async function counting() {
  const turns = { asked: 0 };
  const turn = () => {
    turns.asked++;
    return undefined;
  };
  return { turns, ...(await testServer({ turn })) };
}

const podOf = (count: number) =>
  JSON.stringify({
    metadata: { name: 'p' },
    spec: {
      containers: [
        {
          name: 'c',
          image: 'i',
          env: Array.from({ length: count }, (_, i) => ({ name: `N${i}`, value: '1' })),
        },
      ],
    },
  });

describe('who writes a large object lets others have their turn', () => {
  test('the more variables a Pod has, the more often', async () => {
    const { turns, send } = await counting();
    const asked: number[] = [];
    for (const count of [1, 10_000, 30_000]) {
      turns.asked = 0;
      const answer = await send(`POST ${pods}?dryRun=All`, { body: podOf(count) });
      expect(answer.status).toBe(201);
      expect(answer.json.spec.containers[0].env).toHaveLength(count);
      expect(answer.text).toBe(`${JSON.stringify(answer.json)}\n`);
      asked.push(turns.asked);
    }
    // Owners of the fields are listed, sorted and written, and the answer is written, a thousand variables at a time.
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(40);
    expect(asked[2]! - asked[0]!).toBeGreaterThanOrEqual(120);
  });

  test('A4: after each operation of a patch', async () => {
    const { turns, send } = await counting();
    await send(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const body = Array.from({ length: 50 }, (_, i) => ({
      op: 'add',
      path: '/metadata/labels',
      value: { i },
    }));
    turns.asked = 0;
    await send(`PATCH ${configMaps}/a`, { headers: { 'content-type': 'application/json-patch+json' }, body });
    expect(turns.asked).toBeGreaterThanOrEqual(50);
  });
});

/** Creates a Pod and returns what of the owners of its fields was decoded with it. */
async function decodedOwners(options: Parameters<typeof testServer>[0]) {
  const decode = jest.spyOn(goSchema('Pod'), 'decode');
  const { send } = await testServer(options);
  const { json } = await send(`POST ${pods}`, { body: podOf(3), headers: { 'user-agent': 'somebody/1' } });
  const [entry] = json.metadata.managedFields;
  expect(Object.keys(entry.fieldsV1)).toContain('f:spec');
  expect(Object.keys(entry)).toEqual([
    'manager',
    'operation',
    'apiVersion',
    'time',
    'fieldsType',
    'fieldsV1',
  ]);
  return decode.mock.calls.map(([value]) => {
    const { managedFields = [] } = (value as typeof json).metadata;
    return managedFields.map(({ fieldsV1 }: typeof entry) => fieldsV1);
  });
}

test('owners of fields, which the server has written, are not decoded again', async () => {
  const labelling: AdmissionPlugin = {
    name: 'Labelling',
    resources: ['pods'],
    admit: ({ object }) => {
      object!.metadata.labels = { a: '1' };
      return true;
    },
  };
  expect(await decodedOwners({ admission: [labelling] })).toEqual([[], [{}]]);
});

test('what only the server itself has added to an object is not decoded again', async () => {
  expect(await decodedOwners({})).toEqual([[]]);
});

test('a change is written as text once, to be compared with what is stored and then to be stored', async () => {
  const { send } = await testServer();
  await send(`POST ${configMaps}`, { body: { metadata: { name: 'a' }, data: { x: '1' } } });
  const body = JSON.stringify({ metadata: { name: 'a' }, data: { x: '2' } });
  const stringify = jest.spyOn(JSON, 'stringify');
  const { json } = await send(`PUT ${configMaps}/a`, { body });
  const written = stringify.mock.calls.filter(([value]) => (value as typeof json)?.metadata?.name === 'a');
  stringify.mockRestore();
  expect(written).toHaveLength(1);
  const stored = await send(`GET ${configMaps}/a`);
  expect(stored.json).toEqual(json);
  expect(json).toMatchObject({
    data: { x: '2' },
    metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
  });
});
