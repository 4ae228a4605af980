import { beforeAll, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { bootstrap } from '../../src/shared/controllers/logicalcluster/bootstrap.ts';
import { simulatedCore } from '../support/aws/simulatedCore.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** A group for each ten, as charts have them. */
const groupOf = (i: number) => `g${Math.floor(i / 10)}.shallop.test`;
const objects = (i: number) => `/apis/${groupOf(i)}/v1/namespaces/default/kind${i}s`;

const definition = (i: number) => ({
  metadata: { name: `kind${i}s.${groupOf(i)}` },
  spec: {
    group: groupOf(i),
    scope: 'Namespaced',
    names: { plural: `kind${i}s`, singular: `kind${i}`, kind: `Kind${i}` },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: specOf(i) } } },
      },
    ],
  },
});

/** Some fields with words about each, so that a definition is as long as those of charts, some 10 KB. */
const specOf = (i: number) => ({
  type: 'object',
  properties: Object.fromEntries(
    Array.from({ length: 20 }, (_, field) => [
      `field${field}`,
      { type: 'string', description: `What field ${field} of kind ${i} is for. `.repeat(10) },
    ]),
  ),
});

const setUp = async (count: number) => {
  const clock = new ManualClock(Date.UTC(2026, 0));
  const { core, simulator, beside } = simulatedCore(clock);
  await bootstrap(core.clients('default'), { env: core.environment, clock }, true);
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    expect(await call(core, `POST ${definitions}`, definition(i))).toBe(201);
    bytes += JSON.stringify(definition(i)).length;
  }
  const costOf = async (process: Core, line: string, status = 200, body?: object) => {
    simulator.requests.clear();
    expect(await call(process, line, body)).toBe(status);
    return {
      reads: simulator.count('GetItem') + simulator.count('Query'),
      writes: simulator.count('UpdateItem') + simulator.count('TransactWriteItems'),
    };
  };
  const path = `${definitions}/${definition(3).metadata.name}`;
  const { reads: readsAtOnce } = await costOf(beside(), `GET ${path}`);
  // Past the time in which writes may still be under way.
  await clock.advance(120_000);
  const object = { apiVersion: `${groupOf(7)}/v1`, kind: 'Kind7', metadata: { name: 'o' } };
  expect(await call(core, `POST ${objects(7)}`, object)).toBe(201);
  return { count, core, beside, bytes, readsAtOnce, costOf };
};

describe('a thousand definitions in DynamoDB', () => {
  let many: Awaited<ReturnType<typeof setUp>>;
  let few: Awaited<ReturnType<typeof setUp>>;
  beforeAll(async () => {
    [many, few] = [await setUp(1_000), await setUp(10)];
  });

  test('a process that starts reads all eight megabytes of them with the first request, in five queries', async () => {
    expect(many.bytes).toBeGreaterThan(7 * 2 ** 20);
    const { reads } = await many.costOf(many.beside(), `GET ${objects(7)}/o`);
    expect(reads).toBeLessThanOrEqual(5);
  });

  test('one that starts just after their creation reads the log of it too, ever more revisions a query', () => {
    const revisionsOfEach = 2;
    expect(many.readsAtOnce).toBeLessThanOrEqual((revisionsOfEach * many.count) / 25 + 10);
    expect(many.readsAtOnce).toBeLessThanOrEqual(25);
  });

  test.each([
    `GET ${objects(7)}/o`,
    `GET ${objects(7)}`,
    `GET ${definitions}/${definition(3).metadata.name}`,
    'GET /apis',
    `GET /apis/${groupOf(7)}/v1`,
    'GET /api/v1/namespaces/default/configmaps',
  ])('then %s costs what it costs with ten', async (line) => {
    const warmly = async ({ beside, costOf }: typeof many) => {
      const process = beside();
      await costOf(process, line);
      return costOf(process, line);
    };
    expect(await warmly(many)).toEqual(await warmly(few));
  });

  test('a further one, and the next request to it in another process, cost what they cost with ten', async () => {
    const further = async ({ beside, core, count, costOf }: typeof many) => {
      const other = beside();
      await costOf(other, `GET ${objects(7)}/o`);
      const creation = await costOf(core, `POST ${definitions}`, 201, definition(count));
      return { creation, seen: await costOf(other, `GET ${objects(count)}`) };
    };
    expect(await further(many)).toEqual(await further(few));
  });
});

type Core = ReturnType<typeof simulatedCore>['core'];

async function call({ handle }: Core, line: string, body?: object): Promise<number> {
  const [method = '', target = ''] = line.split(' ');
  const { status } = await handle({
    method,
    target,
    header: (name) => (name === 'content-type' && body ? 'application/json' : undefined),
    headersBeginning: () => [],
    body: async () => Buffer.from(body ? JSON.stringify(body) : ''),
    peer: { address: 'test', internal: { user: 'test', groups: ['system:masters'] } },
    signal: new AbortController().signal,
  });
  return status;
}
