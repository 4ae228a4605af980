import { describe, expect, test } from '@jest/globals';
import { openFakes, scripted } from '../../../../../test/support/aws/queueFakes.ts';
import { deploymentOf } from '../../../../../test/support/controllers/world.ts';
import { ApiError } from '../../../errors/apiError.ts';
import { conflict } from '../../../errors/common.ts';
import { silentLogger } from '../../../observability/logger.ts';
import type { Storage } from '../../../ports/storage.ts';
import { keyOf, watching } from '../../controller.ts';
import { deployments, logicalClusters, namespaces, pods } from '../../resources.ts';
import { type ResyncSummary, resync, type Work } from './index.ts';

const work = (controller: string, name: string, more: Partial<Work> = {}): Work => ({
  controller,
  cluster: 'default',
  namespace: 'ns',
  name,
  ...more,
});

describe('a worker', () => {
  test('reconciles each key of a delivery once, and only one of its messages comes again', async () => {
    const c = scripted('c', ({ name }) => {
      if (name === 'bad') throw new Error('no');
      return undefined;
    });
    const { run } = openFakes([c]);
    const again = await run(
      work('c', 'good'),
      work('c', 'bad'),
      work('c', 'bad', { since: 1 }),
      work('c', 'good'),
    );
    expect(c.runs.map(({ name }) => name).sort()).toEqual(['bad', 'good']);
    expect([...again.keys()]).toEqual([1]);
  });

  test('runs as many keys at the same time as their controller allows', async () => {
    let running = 0;
    let most = 0;
    const c = scripted(
      'c',
      async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => setImmediate(resolve));
        running--;
        return undefined;
      },
      { concurrency: 3 },
    );
    await openFakes([c]).run(...Array.from({ length: 9 }, (_, i) => work('c', `${i}`)));
    expect(most).toBe(3);
  });

  test('looks again at once after a conflict, and later when there is no end of them', async () => {
    const rival = () => conflict({ group: '', plural: 'pods', name: 'p' });
    const once = scripted('once', (_, run) => {
      if (run === 1) throw rival();
      return undefined;
    });
    const ever = scripted('ever', () => {
      throw rival();
    });
    const { run, sent } = openFakes([once, ever]);
    expect(await run(work('once', 'k'), work('ever', 'k'))).toEqual(new Map());
    expect(once.runs).toHaveLength(2);
    expect(sent).toEqual([{ group: 'workloads', work: work('ever', 'k'), delayMs: 1_000 }]);
  });

  test('takes a namespace that goes for an answer', async () => {
    const causes = [{ reason: 'NamespaceTerminating', message: '', field: '' }];
    const c = scripted('c', () => {
      throw new ApiError('Forbidden', 'going', { details: { causes } });
    });
    expect(await openFakes([c]).run(work('c', 'k'))).toEqual(new Map());
  });

  test('does nothing for a logical cluster that goes or is gone, nor what the cloud has no use for', async () => {
    const c = scripted('c', () => undefined);
    const unused = scripted('unused', () => undefined, { isFor: () => false });
    const { run, clients } = openFakes([c, unused]);
    const going = { name: 'going', finalizers: ['x/y'] };
    for (const metadata of [going, { name: 'there' }])
      await clients('default').create(logicalClusters, { metadata });
    await clients('default').delete(logicalClusters, '', 'going');
    await run(
      work('c', 'k', { cluster: 'going' }),
      work('c', 'k', { cluster: 'gone' }),
      work('c', 'k', { cluster: 'there' }),
      work('unused', 'k'),
    );
    expect(c.runs.map(({ cluster }) => cluster)).toEqual(['there']);
    expect(unused.runs).toEqual([]);
  });

  test('lets what is not done in time come again, and does not wait for it', async () => {
    const c = scripted('c', ({ name }) => (name === 'slow' ? new Promise(() => {}) : undefined));
    const again = await openFakes([c]).run(work('c', 'slow'), work('c', 'fast'));
    expect(again).toEqual(new Map([[0, expect.objectContaining({ message: 'not done in time' })]]));
  });

  test('knows what a controller does always', async () => {
    const c = scripted('c', () => undefined, { always: () => [{ namespace: '', name: 'sweep' }] });
    await openFakes([c]).run(
      work('c', '', { namespace: '', always: true }),
      work('c', 'sweep', { namespace: '' }),
    );
    expect(c.runs).toEqual([{ cluster: 'default', namespace: '', name: 'sweep' }]);
  });
});

describe('requeueAfterMs', () => {
  test('is a message delayed by a second at least and a quarter of an hour at most', async () => {
    const c = scripted('c', ({ name }) => ({ requeueAfterMs: Number(name) }));
    const { run, sent } = openFakes([c]);
    await run(work('c', '5', { since: 1 }), work('c', '1500.5'), work('c', '9000000'));
    expect(sent.map(({ delayMs }) => delayMs)).toEqual([1_000, 1_501, 900_000]);
    expect(sent[0]!.work).toEqual(work('c', '5'));
  });

  test('however often a key is woken meanwhile, one message is under way', async () => {
    const c = scripted('c', () => ({ requeueAfterMs: 10_000 }));
    const { run, sent, clock } = openFakes([c]);
    let delivered = 0;
    for (let minute = 0; minute < 50; minute++) {
      const due = sent.splice(0);
      delivered += due.length;
      await run(work('c', 'k'), ...due.map((order) => order.work));
      await run(work('c', 'k'));
      expect(sent).toHaveLength(1);
      await clock.advance(10_000);
    }
    expect(delivered).toBe(49);
  });

  test('an earlier wish goes before a later one', async () => {
    const c = scripted('c', (_, run) => ({ requeueAfterMs: run === 1 ? 60_000 : 5_000 }));
    const { run, sent } = openFakes([c]);
    await run(work('c', 'k'));
    await run(work('c', 'k'));
    await run(work('c', 'k'));
    expect(sent.map(({ delayMs }) => delayMs)).toEqual([60_000, 5_000]);
  });

  test('a message that cannot be sent makes the one that asked for it come again', async () => {
    const { run } = openFakes([scripted('c', () => ({ requeueAfterMs: 1 }))], { refuse: true });
    expect([...(await run(work('c', 'k'))).keys()]).toEqual([0]);
    // Nothing is claimed, so that the second try sends.
    expect([...(await run(work('c', 'k'))).keys()]).toEqual([0]);
  });
});

describe('a controller with a survey', () => {
  const surveyor = () =>
    scripted(
      'kubelet',
      ({ name }) => (name === 'all' ? { wake: [{ namespace: 'ns', name: 'p' }] } : undefined),
      {
        watches: [watching({ resource: pods, keys: (o) => [keyOf(o)] })],
        survey: { namespace: '', name: 'all' },
        async *wakes() {},
      },
    );

  test('D3: is sent one key a tick for all objects, and none while there are none', async () => {
    const controllers = [surveyor()];
    const fakes = openFakes(controllers);
    const client = fakes.clients('default');
    await client.create(namespaces, { metadata: { name: 'default' } });
    const offered = async (whole = false) => {
      fakes.sent.length = 0;
      await resync({ ...fakes, controllers, log: silentLogger }, { tick: 1, every: 3, whole });
      return fakes.sent.map(({ work: { name } }) => name);
    };
    expect(await offered()).toEqual([]);
    for (const name of ['p', 'q']) await client.create(pods, { metadata: { namespace: 'default', name } });
    expect(await offered()).toEqual(['all']);
    expect(await offered(true)).toEqual(['all']);
  });

  test('D3: wakes the keys that it names', async () => {
    const { run, sent } = openFakes([surveyor()]);
    await run(work('kubelet', 'all', { namespace: '' }));
    expect(sent).toMatchObject([{ work: work('kubelet', 'p') }]);
  });

  test('D3: is looked at again when they could not be sent', async () => {
    const { run } = openFakes([surveyor()], { refuse: true });
    expect([...(await run(work('kubelet', 'all'))).keys()]).toEqual([0]);
  });
});

describe('a resync', () => {
  const watchers = [
    scripted('d', () => undefined, {
      watches: [watching({ resource: deployments, keys: (o) => [keyOf(o)] })],
    }),
    scripted('kubelet', () => undefined, {
      watches: [watching({ resource: pods, keys: (o, old) => (o === old ? [keyOf(o)] : []) })],
      always: () => [],
      async *wakes() {},
    }),
    scripted('once', () => undefined, { defaultClusterOnly: true, always: () => [] }),
  ];
  const opened = async () => {
    const fakes = openFakes(watchers);
    for (const cluster of ['default', 'red']) {
      const client = fakes.clients(cluster);
      await client.create(namespaces, { metadata: { name: 'default' } });
      await client.create(deployments, deploymentOf('web', 1));
      await client.create(pods, { metadata: { namespace: 'default', name: 'p' } });
    }
    await fakes.clients('default').create(logicalClusters, { metadata: { name: 'red' } });
    const { storage, clients, queues, sent } = fakes;
    let broken: string | undefined;
    let summary: ResyncSummary | undefined;
    const unlessBroken = ({ get, head, list }: Storage): Pick<Storage, 'get' | 'head' | 'list'> => ({
      get: get.bind(storage),
      head: head.bind(storage),
      list: async (scope, page) => {
        if (scope.cluster === broken) throw new Error('unreadable');
        return list.call(storage, scope, page);
      },
    });
    const offered = async (tick: number, more = {}) => {
      sent.length = 0;
      const deps = {
        controllers: watchers,
        storage: unlessBroken(storage),
        clients,
        queues,
        log: silentLogger,
      };
      summary = await resync(deps, { tick, every: 3, ...more });
      return sent.map(({ work: w }) => `${w.cluster} ${w.controller} ${w.always ? '*' : w.name}`).sort();
    };
    const breakCluster = (name: string) => {
      broken = name;
    };
    return { ...fakes, offered, breakCluster, summary: () => summary };
  };
  const woken = ['default kubelet p', 'red kubelet p'];
  const whole = (cluster: string) => [`${cluster} d web`, `${cluster} kubelet *`];

  test('offers everything when asked to: what is always done, and each object as unchanged', async () => {
    const { offered } = await opened();
    const all = [...woken, ...whole('default'), ...whole('red'), 'default once *'];
    expect(await offered(0, { whole: true })).toEqual(all.sort());
  });

  test('offers what a runtime would wake at each tick, and each cluster as a whole at one of them', async () => {
    const { offered } = await opened();
    const ticks = [await offered(0), await offered(1), await offered(2)];
    for (const offers of ticks) expect(offers).toEqual(expect.arrayContaining(woken));
    const rest = ticks.flat().filter((offer) => !woken.includes(offer));
    expect(rest.sort()).toEqual([...whole('default'), ...whole('red'), 'default once *'].sort());
  });

  test('goes on after a cluster that cannot be read, and says so', async () => {
    const { offered, clients, breakCluster, summary } = await opened();
    await clients('default').create(logicalClusters, { metadata: { name: 'blue' } });
    breakCluster('blue');
    expect(await offered(0, { whole: true })).toEqual(expect.arrayContaining(whole('red')));
    expect(summary()).toMatchObject({ clusters: 3, failed: 1 });
  });

  test('offers a cluster that nobody has begun as a whole', async () => {
    const { offered, clients } = await opened();
    await clients('red').delete(namespaces, '', 'default');
    for (const tick of [0, 1, 2]) expect(await offered(tick)).toEqual(expect.arrayContaining(whole('red')));
  });
});
