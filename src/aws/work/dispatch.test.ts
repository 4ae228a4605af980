import { describe, expect, test } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { systemClock } from '../../shared/clock/systemClock.ts';
import { type LoggedChange, type Work, workId } from '../../shared/controllers/manager/queue/index.ts';
import { silentLogger } from '../../shared/observability/logger.ts';
import type { Change, Key, Storage } from '../../shared/ports/storage.ts';
import { encrypted } from '../../shared/storage/decorators/encryption.ts';
import { openMemoryStorage } from '../../shared/storage/memory/index.ts';
import { controllers } from '../controllers/registry.ts';
import type { BusEvent } from '../drivers/bus/index.ts';
import { dispatchRecords } from './dispatch.ts';
import { eventOf } from './dispatchEvents.ts';
import { imageOf, openedBy } from './dispatchRecords.ts';

const key: Key = { cluster: 'default', resource: 'secrets', namespace: 'ns', name: 'one' };
const stored = (object: object, at: Key, revision: string) => ({
  key: at,
  revision,
  value: Buffer.from(JSON.stringify(object)),
  index: {},
});
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'one',
    namespace: 'ns',
    labels: { a: 'b' },
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"p":"aHVudGVy"}}',
      own: 'x',
    },
  },
  data: { p: 'aHVudGVy' },
};
const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'ns' } };
const serviceKey: Key = { ...key, resource: 'services', name: 'web' };
const change = (object: object, at: Key, more: Partial<Change> = {}): LoggedChange => ({
  change: { type: 'put', object: stored(object, at, '7'), ...more },
  at: 1_000,
});

describe('what the bus is told', () => {
  test('a CloudEvent whose id follows from the change', () => {
    const event = eventOf(change(service, serviceKey), 'dev')!;
    expect(event).toMatchObject({ source: 'shallop.k8s', detailType: 'Service ADDED', time: 1_000 });
    expect(JSON.parse(event.detail)).toEqual({
      specversion: '1.0',
      id: 'default/services/7',
      source: '/shallop/dev/clusters/default',
      type: 'dev.shallop.object.added',
      subject: '/api/v1/namespaces/ns/services/web',
      time: '1970-01-01T00:00:01.000Z',
      cluster: 'default',
      datacontenttype: 'application/json',
      data: service,
    });
  });

  test.each([
    { more: { previous: stored(service, serviceKey, '6') }, says: 'Service MODIFIED' },
    {
      more: { type: 'delete' as const, previous: stored(service, serviceKey, '6') },
      says: 'Service DELETED',
    },
  ])('$says', ({ more, says }) =>
    expect(eventOf(change(service, serviceKey, more), 'dev')?.detailType).toBe(says),
  );

  test('of a Secret only the metadata, and not what kubectl keeps of its data in there', () => {
    const { detail } = eventOf(change(secret, key), 'dev')!;
    expect(JSON.parse(detail).data).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'one', namespace: 'ns', labels: { a: 'b' }, annotations: { own: 'x' } },
    });
    expect(detail).not.toContain('aHVudGVy');
  });

  test.each(['events', 'leases.coordination.k8s.io', 'serviceaddresses.internal'])(
    'nothing of %s',
    (resource) => expect(eventOf(change({}, { ...key, resource }), 'dev')).toBeUndefined(),
  );

  test('an object too long for the bus without its content', () => {
    const long = { ...service, spec: { text: 'x'.repeat(1_100_000) } };
    expect(JSON.parse(eventOf(change(long, serviceKey), 'dev')!.detail).data.spec).toBeUndefined();
  });
});

describe('records', () => {
  const record = (i: number): DynamoDBRecord => ({
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: `s${i}`, NewImage: { i: { N: String(i) } } },
  });
  const opened = (options: { unsent?: string; untaken?: number[]; unreadable?: number }) => {
    const sent: Work[] = [];
    const put: BusEvent[] = [];
    const handle = dispatchRecords({
      deployment: 'dev',
      controllers,
      clients: () => ({ list: async () => [], get: async () => undefined }) as never,
      log: silentLogger,
      read: async (image) => {
        const i = Number(image.i?.N);
        if (i === options.unreadable) throw new Error('no');
        return i === 9 ? undefined : change(service, { ...serviceKey, name: `web${i}` });
      },
      queues: {
        send: async (orders) => {
          sent.push(...orders.map(({ work }) => work));
          return orders.filter(({ work }) => work.controller === options.unsent);
        },
      },
      bus: {
        put: async (events) => {
          put.push(...events);
          return options.untaken ?? [];
        },
      },
    });
    return { handle, sent, put };
  };

  test('bytes come as base64', () =>
    expect(imageOf({ dynamodb: { NewImage: { body: { B: 'AQI=' }, n: { N: '1' } } } })).toEqual({
      body: { B: Buffer.from([1, 2]) },
      n: { N: '1' },
    }));

  test('what goes away is no change', () =>
    expect(imageOf({ eventName: 'REMOVE', dynamodb: { NewImage: {} } })).toBeUndefined());

  test('sealed values are opened, as a watch opens them', async () => {
    const clock = systemClock;
    const wrapper = {
      keyId: 'k',
      generate: async () => ({ secret: Buffer.alloc(32, 1), wrapped: Buffer.alloc(32, 1) }),
      unwrap: async (wrapped: Uint8Array) => wrapped,
    };
    const protect = (storage: Storage) => encrypted(storage, { resources: ['secrets'], wrapper, clock });
    const inner = openMemoryStorage({ clock });
    const text = JSON.stringify(secret);
    await protect(inner).create(key, () => Buffer.from(text));
    const sealed = (await inner.get(key))!;
    expect(Buffer.from(sealed.value).toString()).not.toContain('aHVudGVy');
    const opened = openedBy(protect);
    const [one, other] = await Promise.all([
      opened({ change: { type: 'put', object: sealed, previous: sealed }, at: 1 }),
      opened(change(service, serviceKey)),
    ]);
    expect(Buffer.from(one.change.object.value).toString()).toBe(text);
    expect(Buffer.from(one.change.previous!.value).toString()).toBe(text);
    expect(other).toEqual(change(service, serviceKey));
  });

  test('one change is work for all who watch it, and an event', async () => {
    const { handle, sent, put } = opened({});
    expect(await handle({ Records: [record(0), record(9)] })).toEqual({ batchItemFailures: [] });
    expect(sent.map(({ controller }) => controller)).toEqual(
      expect.arrayContaining(['endpoint-controller', 'endpoint-slice-controller', 'service-controller']),
    );
    expect(new Set(sent.map(workId)).size).toBe(sent.length);
    expect(put).toHaveLength(1);
  });

  test.each([
    { options: { unreadable: 1 }, fails: ['s1'], why: 'a record that cannot be read' },
    { options: { untaken: [0] }, fails: ['s0'], why: 'an event that the bus did not take' },
    { options: { unsent: 'service-controller' }, fails: ['s0', 's1'], why: 'work that could not be sent' },
  ])('$why comes again', async ({ options, fails }) => {
    const { batchItemFailures } = await opened(options).handle({ Records: [record(0), record(1)] });
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(fails);
  });
});
