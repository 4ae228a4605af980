import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import type { Service } from '../../../../shared/kinds/schema/types.ts';
import type { ServiceRef } from '../../../../shared/ports/cloud.ts';
import { Translator } from './index.ts';
import type { Translatable } from './translated.ts';

const webTo = (...lasts: number[]): Translatable => ({
  service: {
    metadata: { name: 'web' },
    spec: { clusterIP: '10.128.128.7', clusterIPs: ['10.128.128.7'], ports: [{ port: 80 }] },
  } satisfies Service,
  endpoints: lasts.map((last) => ({
    ...{ portName: '', address: `10.128.0.${last}`, port: 80, protocol: 'TCP', ready: true },
  })),
});

const refOf = (name: string, cluster = 'c') => ({ cluster, namespace: 'n', name, uid: name });
const web = refOf('web');

const settled = () => new Promise(setImmediate);

/** A translator for Pods named by the last part of their addresses, and what each was told, in short. */
function translatorFor(...uids: string[]) {
  const translator = starting(...uids);
  translator.subject.expect('c', []);
  return translator;
}

/** One whose logical cluster has not been seen. */
function starting(...uids: string[]) {
  const clock = new ManualClock();
  const present = new Set(uids);
  const told: string[] = [];
  const fails = new Set<string>();
  const sets = new Map<string, string[]>();
  let held: Promise<void> | undefined;
  const subject = new Translator({
    clock,
    isNear: (address) => address.startsWith('10.128.0.'),
    addressOf: (uid) => (present.has(uid) ? `10.128.0.${uid}` : undefined),
    nodeOf: (uid) => (uid === '3' ? 'b' : 'a'),
    clusterOf: (uid) => (uid === '8' ? 'other' : 'c'),
    uids: () => present,
    apply: async (uid, program) => {
      await held;
      if (!present.has(uid)) return false;
      if (fails.has(uid)) throw new Error('nft: no');
      const ends = new Set([...program.matchAll(/[ :]10\.128\.0\.(\d+)/g)].map(([, last]) => last));
      const led = program.includes(' drop\n') ? 'drop' : [...ends].join();
      const gone = [...program.matchAll(/delete set \S+ \S+ (\S+)/g)]
        .map(([, name]) => ` without ${name}`)
        .join('');
      told.push(`${uid}:${program.includes('delete table') ? ' anew' : ''} ${led}${gone}`);
      return true;
    },
    setsOf: async (uid) => sets.get(uid) ?? [],
  });
  const heard = () => told.splice(0).sort();
  const tell = (ref: ServiceRef, service: Translatable | undefined) => {
    subject.tell(ref, service);
    return subject.heard(ref.cluster);
  };
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return resolve;
  };
  return { subject, tell, hold, clock, present, fails, sets, heard };
}

test('all Pods hear of a change, once, and of what they know already not again', async () => {
  const { tell, heard } = translatorFor('2', '3');
  await tell(web, webTo(2));
  expect(heard()).toEqual(['2: 2', '3: 2']);
  await tell(web, webTo(2));
  expect(heard()).toEqual([]);
  await tell(web, webTo(2, 3));
  expect(heard()).toEqual(['2: 2,3', '3: 2,3']);
  await tell(web, undefined);
  expect(heard()).toEqual(['2: ', '3: ']);
});

test('changes that come at once are told at once', async () => {
  const { tell, heard } = translatorFor('2');
  await Promise.all([tell(web, webTo(2)), tell(web, webTo(3)), tell(refOf('x'), undefined)]);
  expect(heard()).toEqual(['2: 3']);
});

test('a new Pod is told before it runs, and nothing where there is nothing', async () => {
  const { subject, tell, present, heard } = translatorFor();
  present.add('4');
  await subject.setUp('4', true);
  expect(heard()).toEqual([]);
  await tell(web, webTo(2));
  expect(heard()).toEqual(['4: 2']);
  present.add('5');
  await subject.setUp('5', true);
  expect(heard()).toEqual(['5: 2']);
});

test('who is about to end is led to no more, once that is heard, and only if there are others', async () => {
  const { subject, tell, present, heard } = translatorFor('2', '3');
  await tell(web, webTo(2, 3));
  heard();
  await subject.leave('2');
  expect(heard()).toEqual(['2: 3', '3: 3']);
  await subject.leave('3');
  await subject.heard('c');
  expect(heard()).toEqual(['2: 2,3', '3: 2,3']);
  subject.forget('2');
  present.delete('2');
  await tell(web, webTo(3));
  expect(heard()).toEqual(['3: 3']);
});

test('what cannot be told is told anew later, and is not heard before', async () => {
  const { subject, tell, clock, fails, heard } = translatorFor('2', '3');
  fails.add('2');
  let isHeard = false;
  const told = tell(web, webTo(2)).then(() => {
    isHeard = true;
  });
  await settled();
  expect(heard()).toEqual(['3: 2']);
  subject.tell(web, webTo(2));
  await clock.advance(5_000);
  await settled();
  expect(isHeard).toBe(false);
  fails.clear();
  await clock.advance(5_000);
  await told;
  expect(heard()).toEqual(['2: anew 2']);
});

test('what is being told is not heard yet', async () => {
  const { subject, tell, hold, heard } = translatorFor('2');
  const release = hold();
  subject.tell(web, webTo(2));
  await settled();
  let isHeard = false;
  const told = tell(web, webTo(2)).then(() => {
    isHeard = true;
  });
  await settled();
  expect(isHeard).toBe(false);
  release();
  await told;
  expect(heard()).toEqual(['2: 2']);
});

test('with internalTrafficPolicy: Local Pods are led to those of their Node, and nobody to nowhere', async () => {
  const { tell, heard } = translatorFor('2', '3');
  const { service, endpoints } = webTo(2);
  const local = { ...service, spec: { ...service.spec, internalTrafficPolicy: 'Local' as const } };
  await tell(web, { service: local, endpoints: [{ ...endpoints[0]!, nodeName: 'a' }] });
  expect(heard()).toEqual(['2: 2', '3: drop']);
});

test('what is told after the end changes nothing', async () => {
  const { subject, tell, heard } = translatorFor('2');
  await tell(web, webTo(2));
  heard();
  subject.close();
  await tell(web, undefined);
  expect(heard()).toEqual([]);
});

test('rules from before a restart stay until all Services have been told of', async () => {
  const { subject, tell, present, sets, heard } = starting('2');
  sets.set('2', ['to/10.128.128.7/80/10.128.0.9/80/10']);
  await subject.setUp('2', false);
  void tell(web, webTo(2));
  present.add('3');
  await subject.setUp('3', true);
  subject.expect('c', [web, refOf('x'), refOf('y')]);
  await subject.leave('2');
  expect(heard()).toEqual(['3: 2']);
  void tell(refOf('x'), undefined);
  await subject.leave('3');
  expect(heard()).toEqual([]);
  // The last one went before anybody saw it.
  subject.expect('c', [web, refOf('x')]);
  await tell(web, webTo(2, 3));
  expect(heard()).toEqual(['2: 2,3 without to/10.128.128.7/80/10.128.0.9/80/10', '3: 2,3']);
});

test('Pods are led by Services of their own logical cluster only', async () => {
  const { subject, tell, heard } = translatorFor('2', '8');
  subject.expect('other', []);
  await tell(refOf('web', 'other'), webTo(8));
  expect(heard()).toEqual(['2: ', '8: 8']);
  await tell(web, webTo(2));
  expect(heard()).toEqual(['2: 2']);
});

test('who is about to end waits for nobody, where nobody else is ready', async () => {
  const { subject, tell, hold, heard } = translatorFor('2', '3');
  const notReady = webTo(2, 3);
  await tell(web, {
    ...notReady,
    endpoints: notReady.endpoints.map((each, i) => ({ ...each, ready: i === 0 })),
  });
  heard();
  const release = hold();
  subject.tell(refOf('x'), webTo(3));
  await subject.leave('2');
  expect(heard()).toEqual([]);
  release();
  await subject.heard('c');
});
