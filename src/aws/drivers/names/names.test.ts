import { beforeEach, describe, expect, test } from '@jest/globals';
import { a, serviceRef } from '../../../../test/contract/nameService.ts';
import { passingClock } from '../../../../test/support/aws/driverClients.ts';
import { FakeRoute53 } from '../../../../test/support/aws/fakeRoute53.ts';
import { until } from '../../../../test/support/until.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { NameService } from '../../../shared/ports/cloud.ts';
import { openRoute53Names } from './index.ts';
import { type Ledger, memoryLedger } from './ledger.ts';
import { batches, changesBetween, recordSets } from './records.ts';

const zone = { id: 'Z1', domain: 'cluster.local', deployment: 'dev' };
const web = serviceRef('web');
const clock = passingClock();

test('records are absolute, short-lived, and tell whose they are', () => {
  const sets = recordSets(zone, web, [
    a('web.ns.svc', '10.0.0.2', '10.0.0.1'),
    { name: '_http._tcp.web.ns.svc', type: 'SRV', values: ['0 100 80 web.ns.svc'] },
  ]);
  expect(sets).toEqual([
    {
      Name: 'web.ns.svc.cluster.local.',
      Type: 'A',
      TTL: 5,
      ResourceRecords: [{ Value: '10.0.0.1' }, { Value: '10.0.0.2' }],
    },
    {
      Name: '_http._tcp.web.ns.svc.cluster.local.',
      Type: 'SRV',
      TTL: 5,
      ResourceRecords: [{ Value: '0 100 80 web.ns.svc.cluster.local.' }],
    },
    {
      Name: '_shallop.web.ns.svc.cluster.local.',
      Type: 'TXT',
      TTL: 5,
      ResourceRecords: [
        { Value: '"deployment=dev" "cluster=default" "namespace=ns" "name=web" "uid=uid-web"' },
      ],
    },
  ]);
});

test('another logical cluster has its own names', () => {
  const [set] = recordSets(zone, { ...web, cluster: 'branch' }, [a('web.ns.svc', '10.0.0.1')]);
  expect(set?.Name).toBe('web.ns.svc.branch.cluster.local.');
});

describe('batches', () => {
  const changes = (count: number, values: number) =>
    changesBetween(
      [],
      recordSets(
        zone,
        web,
        Array.from({ length: count }, (_, i) =>
          a(`n${i}.web.ns.svc`, ...Array.from({ length: values }, (_, v) => `10.0.${i % 256}.${v}`)),
        ),
      ),
    );

  test.each([
    [1, 1, [2]],
    [499, 1, [500]],
    [500, 1, [500, 1]],
    [10, 100, [5, 5, 1]],
  ])('%i records of %i values', (count, values, sizes) =>
    expect(batches(changes(count, values)).map((b) => b.length)).toEqual(sizes),
  );

  test('none for no change', () => expect(batches([])).toEqual([]));
});

describe('requests', () => {
  let route53: FakeRoute53;
  let names: NameService;
  let ledger: Ledger;
  beforeEach(() => {
    route53 = new FakeRoute53();
    ledger = memoryLedger();
    names = openRoute53Names({
      client: route53.client,
      zone,
      ledger,
      clock,
      ids: seededIds(),
    });
  });

  test('D13: one request when something differs, none when nothing does', async () => {
    const records = [a('web.ns.svc', '10.0.0.1'), a('x.web.ns.svc', '10.0.0.1')];
    await names.publish(web, records);
    await names.publish(web, records);
    expect(route53.calls).toEqual(['ChangeResourceRecordSets']);
    await names.publish(web, [a('web.ns.svc', '10.0.0.2'), a('x.web.ns.svc', '10.0.0.1')]);
    expect(route53.batches.at(-1)).toHaveLength(1);
    await names.withdraw(web);
    expect(route53.calls).toHaveLength(3);
    expect(route53.size).toBe(0);
    expect(await ledger.all()).toEqual([]);
  });

  test('D13: what changes at the same time goes in few requests, five a second of an account', async () => {
    const all = Array.from({ length: 50 }, (_, i) => serviceRef(`s${i}`));
    await Promise.all(all.map((ref) => names.publish(ref, [a(`${ref.name}.ns.svc`, '10.0.0.1')])));
    expect(route53.batches.length).toBeLessThanOrEqual(2);
    expect(route53.size).toBe(100);
  });

  test('D13: one that is refused does not keep the others from their names', async () => {
    await names.publish(web, [a('web.ns.svc', '10.0.0.1')]);
    route53.put({
      Name: 'web.ns.svc.cluster.local.',
      Type: 'A',
      TTL: 5,
      ResourceRecords: [{ Value: '10.9.9.9' }],
    });
    const others = ['a', 'b'].map((name) =>
      names.publish(serviceRef(name), [a(`${name}.ns.svc`, '10.0.0.1')]),
    );
    await expect(names.withdraw(web)).rejects.toMatchObject({ reason: 'Conflict' });
    expect(await Promise.all(others)).toEqual([true, true]);
  });

  test('D13: a change whose end is not known is looked up in the zone', async () => {
    await names.publish(web, [a('web.ns.svc', '10.0.0.1'), a('x.web.ns.svc', '10.0.0.1')]);
    const before = await ledger.read(web);
    await ledger.write(web, { uid: web.uid }, before);
    await names.publish(web, [a('web.ns.svc', '10.0.0.2')]);
    expect(route53.calls.at(-2)).toBe('ListResourceRecordSets');
    expect(route53.resolve('x.web.ns.svc.cluster.local', 'A')).toEqual([]);
    expect(await names.publish(web, [a('web.ns.svc', '10.0.0.2')])).toBe(false);
    expect(route53.calls.at(-1)).toBe('ChangeResourceRecordSets');
  });

  test('D13: a change that comes after what another process wrote meanwhile is looked up, too', async () => {
    const wanted = [a('web.ns.svc', '10.0.0.2')];
    let isFirst = true;
    const late: typeof route53.client = {
      send: async (command) => {
        if (isFirst) {
          isFirst = false;
          await names.publish(web, wanted);
        }
        return route53.client.send(command);
      },
    };
    const behind = openRoute53Names({ client: late, zone, ledger, clock, ids: seededIds() });
    await expect(behind.publish(web, [a('web.ns.svc', '10.0.0.1')])).rejects.toMatchObject({
      reason: 'Conflict',
    });
    expect(route53.resolve('web.ns.svc.cluster.local', 'A')).toEqual(['10.0.0.1']);
    await names.publish(web, wanted);
    expect(route53.resolve('web.ns.svc.cluster.local', 'A')).toEqual(['10.0.0.2']);
  });

  test('D13: a change that comes after another process withdrew the name is looked up, too', async () => {
    let isFirst = true;
    const late: typeof route53.client = {
      send: async (command) => {
        if (isFirst) {
          isFirst = false;
          await names.publish(web, []);
        }
        return route53.client.send(command);
      },
    };
    const behind = openRoute53Names({ client: late, zone, ledger, clock, ids: seededIds() });
    await expect(behind.publish(web, [a('web.ns.svc', '10.0.0.1')])).rejects.toMatchObject({
      reason: 'Conflict',
    });
    expect(route53.resolve('web.ns.svc.cluster.local', 'A')).toEqual(['10.0.0.1']);
    await names.publish(web, []);
    expect(route53.size).toBe(0);
  });

  test('D13: who read the zone before a late change came does not write down what it saw', async () => {
    const [both, one] = [
      [a('web.ns.svc', '10.0.0.1'), a('x.web.ns.svc', '10.0.0.1')],
      [a('web.ns.svc', '10.0.0.2')],
    ];
    const hasRead = Promise.withResolvers<void>();
    const first: typeof route53.client = {
      send: async (command) => {
        await hasRead.promise;
        return route53.client.send(command);
      },
    };
    const second: typeof route53.client = {
      send: async (command) => {
        if ('ChangeBatch' in command.input) {
          hasRead.resolve();
          expect(await ended).toBe('Conflict');
        }
        return route53.client.send(command);
      },
    };
    const openOn = (client: typeof route53.client) =>
      openRoute53Names({ client, zone, ledger, clock, ids: seededIds() });
    const ended = openOn(first)
      .publish(web, both)
      .catch(({ reason }) => reason);
    await until('it has begun', () => ledger.read(web));
    await expect(openOn(second).publish(web, one)).rejects.toMatchObject({ reason: 'Conflict' });
    await names.publish(web, one);
    expect(route53.resolve('x.web.ns.svc.cluster.local', 'A')).toEqual([]);
    expect(route53.resolve('web.ns.svc.cluster.local', 'A')).toEqual(['10.0.0.2']);
  });

  test('D13: what somebody has changed in the zone is found by the sweep, and comes back', async () => {
    const records = [a('web.ns.svc', '10.0.0.1')];
    await names.publish(web, records);
    route53.put({
      Name: 'web.ns.svc.cluster.local.',
      Type: 'A',
      TTL: 5,
      ResourceRecords: [{ Value: '10.9.9.9' }],
    });
    await names.publish(web, records);
    expect(route53.resolve('web.ns.svc.cluster.local', 'A')).toEqual(['10.9.9.9']);
    await names.list();
    await names.publish(web, records);
    expect(route53.resolve('web.ns.svc.cluster.local', 'A')).toEqual(['10.0.0.1']);
  });

  test('D13: records of a deployment that kept no ledger are taken over', async () => {
    for (const set of recordSets(zone, web, [a('web.ns.svc', '10.0.0.1')])) route53.put(set);
    expect(await names.list()).toEqual([web]);
    await names.withdraw(web);
    expect(route53.size).toBe(0);
  });

  test('Services whose names begin alike keep their records apart', async () => {
    const all = ['web', 'web-1', 'web0', 'we', 'a-web'].map((name) => ({ ...web, name, uid: `uid-${name}` }));
    const records = (name: string) => [a(`${name}.ns.svc`, '10.0.0.1'), a(`p-0.${name}.ns.svc`, '10.0.0.1')];
    for (const ref of all) await names.publish(ref, records(ref.name));
    const before = route53.batches.length;
    for (const ref of all) await names.publish(ref, records(ref.name));
    expect(route53.batches).toHaveLength(before);
    for (const [i, ref] of all.entries()) {
      await names.withdraw(ref);
      expect(route53.size).toBe(3 * (all.length - i - 1));
    }
  });

  test('a thousand Pods: in as few requests as there may be, and read over pages', async () => {
    const records = Array.from({ length: 1_000 }, (_, i) =>
      a(`p${i}.web.ns.svc`, `10.0.${i >> 8}.${i & 255}`),
    );
    await names.publish(web, records);
    expect(route53.batches).toHaveLength(3);
    expect(route53.size).toBe(1_001);
    await names.publish(web, records);
    expect(route53.batches).toHaveLength(3);
    expect(await names.list()).toEqual([web]);
    await names.withdraw(web);
    expect(route53.size).toBe(0);
  });

  test.each(['Throttling', 'PriorRequestNotComplete'])('%s is waited out', async (code) => {
    route53.failNext(code);
    await names.publish(web, [a('web.ns.svc', '10.0.0.1')]);
    expect(route53.resolve('web.ns.svc.cluster.local', 'A')).toEqual(['10.0.0.1']);
  });

  test('a change that somebody else forestalled is a Conflict, so that it is read again', async () => {
    await names.publish(web, [a('web.ns.svc', '10.0.0.1')]);
    route53.put({
      Name: 'web.ns.svc.cluster.local.',
      Type: 'A',
      TTL: 5,
      ResourceRecords: [{ Value: '10.9.9.9' }],
    });
    await expect(names.withdraw(web)).rejects.toMatchObject({ reason: 'Conflict' });
    await names.withdraw(web);
    expect(route53.size).toBe(0);
  });

  test('records of another deployment are no Services of this one', async () => {
    const other = { ...zone, deployment: 'prod' };
    for (const set of recordSets(other, web, [a('web.ns.svc', '10.0.0.1')])) route53.put(set);
    expect(await names.list()).toEqual([]);
  });
});
