import { describe, expect, test } from '@jest/globals';
import { openFakes, scripted } from '../../../../../test/support/aws/queueFakes.ts';
import { deploymentOf } from '../../../../../test/support/controllers/world.ts';
import { silentLogger } from '../../../observability/logger.ts';
import type { Storage } from '../../../ports/storage.ts';
import { keyOf, watching } from '../../controller.ts';
import { configMaps, deployments, namespaces, pods, services } from '../../resources.ts';
import { openMemory, resync } from './index.ts';

const sees = scripted('sees', () => undefined, {
  watches: [configMaps, deployments, namespaces, services].map((resource) =>
    watching({ resource, keys: (object) => [keyOf(object)] }),
  ),
});
const kubelet = scripted('kubelet', () => undefined, {
  watches: [watching({ resource: pods, keys: (object) => [keyOf(object)] })],
  async *wakes() {},
});
const controllers = [sees, kubelet];

/** Every third tick is a turn; who rests is looked at after 12. */
const ticks = { every: 3, rest: 12 };

async function opened() {
  const { storage, clients, queues, sent } = openFakes(controllers);
  const client = clients('default');
  await client.create(namespaces, { metadata: { name: 'default' } });
  await client.create(services, { metadata: { namespace: 'default', name: 'kubernetes' }, spec: {} });
  await client.create(configMaps, { metadata: { namespace: 'default', name: 'c' } });
  let memory = openMemory();
  let refuse = false;
  let asked: string[] = [];
  const counted = new Proxy(storage, {
    get: (target, name: keyof Storage) => (scope: never, more: never) => {
      asked.push(name);
      return (target[name] as (...args: unknown[]) => unknown).call(target, scope, more);
    },
  });
  let now = 0;
  /** The ticks of so many, counted from here, at which the cluster was looked at as a whole. */
  const wholes = async (count: number, whole = false): Promise<number[]> => {
    const found: number[] = [];
    for (let i = 0; i < count; i++) {
      sent.length = 0;
      asked = [];
      const send = async (orders: never[]) => (refuse ? orders : queues.send(orders));
      const deps = {
        controllers,
        storage: counted,
        clients,
        queues: { send } as never,
        log: silentLogger,
        memory,
      };
      await resync(deps, { ...ticks, tick: now++, whole });
      if (sent.some(({ work }) => work.controller === 'sees') || refuse) found.push(i);
    }
    return found;
  };
  /** On to the tick before a turn. */
  for (; (await wholes(1)).length === 0; );
  await wholes(2);
  memory = openMemory();
  return {
    client,
    sent,
    wholes,
    asked: () => asked,
    refuse: (value: boolean) => {
      refuse = value;
    },
    forget: () => {
      memory = openMemory();
    },
  };
}

describe('a cluster in which nothing moves', () => {
  test('rests after two looks that found the same, is looked at rarely then, and costs two requests a tick', async () => {
    const { wholes, asked } = await opened();
    expect(await wholes(30)).toEqual([0, 3, 15, 27]);
    await wholes(2);
    expect(asked()).toEqual(['head', 'head']);
  });

  test.each(['a write', 'a removal'])('is looked at again at the next turn after %s, twice', async (what) => {
    const { client, wholes } = await opened();
    await wholes(7);
    if (what === 'a write')
      await client.create(configMaps, { metadata: { namespace: 'default', name: 'd' } });
    else await client.delete(configMaps, 'default', 'c');
    expect(await wholes(15)).toEqual([2, 5]);
  });

  test('is looked at when asked to, by a process that remembers nothing, and again after what was not sent', async () => {
    const { wholes, forget, refuse } = await opened();
    await wholes(7);
    expect(await wholes(2, true)).toEqual([0, 1]);
    expect(await wholes(6)).toEqual([]);
    forget();
    expect(await wholes(6)).toEqual([0, 3]);
    refuse(true);
    await wholes(1, true);
    refuse(false);
    expect(await wholes(11)).toEqual([2, 5]);
  });

  test('does not rest after looks in quick succession: what they have offered may be on its way', async () => {
    const { wholes } = await opened();
    expect(await wholes(2, true)).toEqual([0, 1]);
    expect(await wholes(13)).toEqual([1, 4]);
  });

  test.each([
    ['a Pod', pods, { metadata: { namespace: 'default', name: 'p' } }],
    ['a workload', deployments, deploymentOf('web', 0)],
    ['a Service', services, { metadata: { namespace: 'default', name: 'web' }, spec: {} }],
  ])('does not rest with %s', async (_, resource, object) => {
    const { client, wholes } = await opened();
    await client.create(resource as never, object as never);
    expect(await wholes(12)).toEqual([0, 3, 6, 9]);
  });

  test('does not rest while something is under deletion', async () => {
    const { client, wholes } = await opened();
    const metadata = { namespace: 'default', name: 'held', finalizers: ['a/b'] };
    await client.create(configMaps, { metadata });
    await client.delete(configMaps, 'default', 'held');
    expect(await wholes(12)).toEqual([0, 3, 6, 9]);
  });
});

describe('a logical cluster that began as another one', () => {
  async function opened() {
    const { storage, clients, queues, sent } = openFakes(controllers);
    await clients('base').create(namespaces, { metadata: { name: 'default' } });
    await clients('base').create(configMaps, { metadata: { namespace: 'default', name: 'c' } });
    const fork = { cluster: 'default', resource: 'logicalclusters.shallop.dev', namespace: '', name: 'fork' };
    await storage.create(fork, () => Buffer.from('{"metadata":{"name":"fork"}}'));
    const deps = { controllers, storage, clients, queues, log: silentLogger, memory: openMemory() };
    const offered = async (tick: number) => {
      sent.length = 0;
      // No turn but for what is new.
      await resync(deps, { tick, every: 1_000_000 });
      return sent.map(({ work }) => `${work.cluster} ${work.name}`);
    };
    return { storage, offered };
  }

  test('is offered as a whole as soon as it has begun: no log tells of what is in it', async () => {
    const { storage, offered } = await opened();
    expect(await offered(1)).not.toContain('fork c');
    await storage.fork('base', 'fork');
    expect(await offered(2)).toContain('fork c');
    expect(await offered(3)).not.toContain('fork c');
  });

  test('is offered once more when it began while it was looked at', async () => {
    const { storage, offered } = await opened();
    const list = storage.list.bind(storage);
    storage.list = async (scope, options) => {
      const listing = await list(scope, options);
      if (scope.cluster === 'fork' && scope.resource === 'configmaps') {
        storage.list = list;
        await storage.fork('base', 'fork');
      }
      return listing;
    };
    expect(await offered(1)).not.toContain('fork c');
    expect(await offered(2)).toContain('fork c');
    expect(await offered(3)).not.toContain('fork c');
  });
});
