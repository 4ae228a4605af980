import { describe, expect, test } from '@jest/globals';
import type { PodTraffic } from '../../../../shared/ports/cloud.ts';
import { PolicyFilter } from './index.ts';

const pod = (uid: string, address: string, more: Partial<PodTraffic> = {}): PodTraffic => ({
  ref: { cluster: 'default', namespace: 'n', name: uid, uid },
  address,
  ...more,
});
const closed = { ingress: [] };

/** A filter over Pods that are there, with what was run for each. */
function filter(...there: string[]) {
  const ran: string[] = [];
  const present = new Set(there);
  const subject = new PolicyFilter({
    serviceCidr: '10.128.128.0/17',
    gateway: '10.128.0.1',
    apply: async (uid, program) => {
      if (!present.has(uid)) return false;
      if (uid === 'broken') throw new Error('nft: no');
      ran.push(`${uid} ${program.includes('chain ingress') ? 'closed' : 'open'}`);
      return true;
    },
  });
  return { subject, ran, present };
}
const visit = (client: string, address: string) => ({
  ...{ client, endpoint: { address, port: 80 }, protocol: 'TCP' as const },
});

test('rules are set once, and those of an earlier run are replaced', async () => {
  const { subject, ran } = filter('a', 'b');
  await subject.enforce('default', [pod('a', '10.128.0.2', closed), pod('b', '10.128.0.3')]);
  await subject.enforce('default', [pod('a', '10.128.0.2', closed), pod('b', '10.128.0.3')]);
  await subject.enforce('default', [pod('a', '10.128.0.2'), pod('b', '10.128.0.3')]);
  expect(ran).toEqual(['a closed', 'b open', 'a open']);
});

test('a new Pod without policies costs nothing, and one with them has them before it starts', async () => {
  const { subject, ran, present } = filter();
  await subject.enforce('default', [pod('a', ''), pod('b', '', closed)]);
  for (const uid of ['a', 'b']) {
    present.add(uid);
    await subject.setUp(uid, true);
  }
  expect(ran).toEqual(['b closed']);
});

test('what cannot be set is said, and set again; the others are', async () => {
  const { subject, ran } = filter('broken', 'a');
  const pods = [pod('broken', '10.128.0.2', closed), pod('a', '10.128.0.3', closed)];
  await expect(subject.enforce('default', pods)).rejects.toThrow('nft: no');
  await expect(subject.enforce('default', pods)).rejects.toThrow('nft: no');
  expect(ran).toEqual(['a closed']);
});

test('each logical cluster has rules of its own, and those of a Pod that is gone judge nobody', async () => {
  const { subject } = filter('a', 'b');
  await subject.enforce('default', [pod('a', '10.128.0.2', closed)]);
  await subject.enforce('other', [pod('b', '10.128.0.3', closed)]);
  const stranger = '198.51.100.9';
  const asks = () => ['10.128.0.2', '10.128.0.3'].map((address) => subject.allows(visit(stranger, address)));
  expect(asks()).toEqual([false, false]);
  subject.forget('b');
  expect(asks()).toEqual([false, true]);
});

describe('doors of the machine', () => {
  const door = (address: string, ...behind: string[]) => ({
    ...{ address, port: 80, protocol: 'TCP' as const },
    endpoints: behind.map((each) => ({
      ...{ address: each, port: 8080, protocol: 'TCP' as const, portName: '', ready: true },
    })),
  });
  const [a, b, c] = ['10.128.0.2', '10.128.0.3', '10.128.0.4'];
  const programs = async (pods: PodTraffic[], ...doors: ReturnType<typeof door>[]) => {
    const last = new Map<string, string>();
    const subject = new PolicyFilter({
      ...{ serviceCidr: '10.128.128.0/17', gateway: '10.128.0.1' },
      apply: async (uid, program) => Boolean(last.set(uid, program)),
    });
    await subject.enforce('default', pods);
    last.clear();
    await subject.tellDoors('service', doors);
    const shut = (uid: string) => last.get(uid)?.match(/dport \{ (.*) \} drop/)?.[1];
    return { subject, shut, changed: () => [...last.keys()] };
  };

  test('are shut to a Pod that may reach nobody behind them, before a proxy answers', async () => {
    const only = { ingress: [{ peers: { addresses: [a], blocks: [] } }] };
    const { subject, shut } = await programs(
      [pod('a', a), pod('b', b), pod('c', c, only)],
      door('10.128.128.1', c),
      door('10.128.128.2', b, c),
      door('10.128.128.3'),
      door('127.0.0.1', c),
    );
    expect(['a', 'b', 'c'].map(shut)).toEqual([undefined, '10.128.128.1 . 80', undefined]);
    await subject.tellDoors('service', []);
    expect(shut('b')).toBeUndefined();
  });

  test('are shut by the policies of the client as well', async () => {
    const { shut } = await programs([pod('a', a, { egress: [] }), pod('b', b)], door('10.128.128.1', b));
    expect(shut('a')).toBe('10.128.128.1 . 80');
  });

  test('cost nothing where there are no policies', async () => {
    const { changed } = await programs([pod('a', a), pod('b', b)], door('10.128.128.1', b));
    expect(changed()).toEqual([]);
  });
});

/** A filter whose programs end when they are told to, by their number in `begun`. */
function slowFilter() {
  const begun: { program: string; end(error?: Error): void }[] = [];
  const subject = new PolicyFilter({
    ...{ serviceCidr: '10.128.128.0/17', gateway: '10.128.0.1' },
    apply: (_, program) =>
      new Promise((resolve, reject) =>
        begun.push({ program, end: (error) => (error ? reject(error) : resolve(true)) }),
      ),
  });
  const isClosed = () => begun.map(({ program }) => program.includes('chain ingress'));
  const heard = () => new Promise(setImmediate);
  return { subject, begun, isClosed, heard };
}

test('rules of one Pod are set one after the other, the newest last, and what came between is left out', async () => {
  const { subject, begun, isClosed, heard } = slowFilter();
  const first = subject.enforce('default', [pod('a', '10.128.0.2', closed)]);
  await heard();
  const others = [
    subject.enforce('default', [pod('a', '10.128.0.2', { egress: [] })]),
    subject.enforce('default', [pod('a', '10.128.0.2')]),
  ];
  await heard();
  expect(isClosed()).toEqual([true]);
  begun[0]!.end();
  await heard();
  expect(isClosed()).toEqual([true, false]);
  begun[1]!.end();
  await Promise.all([first, ...others]);
  await subject.enforce('default', [pod('a', '10.128.0.2')]);
  expect(begun).toHaveLength(2);
});

test('a Pod that goes while its rules are set fails nobody, and is set nothing more', async () => {
  const { subject, begun, heard } = slowFilter();
  const first = subject.enforce('default', [pod('a', '10.128.0.2', closed)]);
  await heard();
  const second = subject.tellDoors('service', []);
  subject.forget('a');
  begun[0]!.end(new Error('nft: nsenter: no such file'));
  await Promise.all([first, second]);
  expect(begun).toHaveLength(1);
});

test('a namespace that is made anew while rules are set in the old one has its rules set', async () => {
  const { subject, begun, heard } = slowFilter();
  const pods = [pod('a', '10.128.0.2', closed)];
  const first = subject.enforce('default', pods);
  await heard();
  const anew = subject.setUp('a', true);
  begun[0]!.end();
  await heard();
  begun[1]?.end();
  await Promise.all([first, anew]);
  expect(begun).toHaveLength(2);
});
