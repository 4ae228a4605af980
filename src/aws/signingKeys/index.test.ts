import { beforeEach, describe, expect, test } from '@jest/globals';
import { makeTokenKey } from '../../shared/auth/tokenKeys.ts';
import { tokenIssuer } from '../../shared/auth/tokens.ts';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { seededIds } from '../../shared/clock/seededIds.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import type { Storage } from '../../shared/ports/storage.ts';
import { openMemoryStorage } from '../../shared/storage/memory/index.ts';
import { rereadAfterMs, signingKeys, storedTokenIssuer, strangeKeyMs } from './index.ts';
import { rotatedAfterMs, shownFirstMs } from './ring.ts';

const key = { cluster: 'default', resource: signingKeys, namespace: '', name: 'serviceaccounts' };
const claims = {
  cluster: 'default',
  namespace: 'demo',
  serviceAccount: { name: 'app', uid: 'u1' },
  expirationSeconds: 2 * 365 * 86_400,
};

let clock: ManualClock;
let storage: Storage;
let reads: number;
let failure: Error | undefined;
let warnings: string[];
beforeEach(() => {
  clock = new ManualClock();
  const memory = openMemoryStorage({ clock });
  [reads, failure, warnings] = [0, undefined, []];
  storage = new Proxy(memory, {
    get: (target, name: keyof Storage) => {
      const method = (target[name] as (...args: unknown[]) => unknown).bind(target);
      return async (...args: unknown[]) => {
        if (name === 'get') reads++;
        if (failure) throw failure;
        return method(...args);
      };
    },
  });
});

/** A process of the deployment. */
const opened = (seed = 1, since?: number) =>
  storedTokenIssuer({
    storage,
    clock,
    ids: seededIds(seed),
    log: { warn: (line) => warnings.push(line) },
    since,
  });
type Process = ReturnType<typeof opened>;
const tokenOf = async (process: Process) => (await process.current()).issue(claims);
const keysOf = async (process: Process) => (await process.current()).publicKeys().map(({ kid }) => kid);
const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;
const isGood = async (process: Process, token: string) => !!(await process.verify(token, 'default'));

describe('the keys of tokens', () => {
  test('are the same in all processes, however many begin at once', async () => {
    const processes = [1, 2, 3].map((seed) => opened(seed));
    const tokens = await Promise.all(processes.map(tokenOf));
    expect(new Set(tokens.map(kidOf)).size).toBe(1);
  });

  test('after eleven months there is a new one, which is published before it signs', async () => {
    const one = opened();
    const old = await tokenOf(one);
    await clock.advance(rotatedAfterMs);
    expect(await keysOf(one)).toHaveLength(2);
    expect(kidOf(await tokenOf(one))).toBe(kidOf(old));
    await clock.advance(shownFirstMs + rereadAfterMs);
    const recent = await tokenOf(one);
    expect(kidOf(recent)).not.toBe(kidOf(old));
    expect(await keysOf(one)).toEqual([kidOf(recent), kidOf(old)]);
    expect(await isGood(one, old)).toBe(true);
    expect(await isGood(one, recent)).toBe(true);
  });

  test('of processes that find it old at once only one makes the next', async () => {
    const processes = [1, 2, 3].map((seed) => opened(seed));
    await Promise.all(processes.map(keysOf));
    await clock.advance(rotatedAfterMs);
    const lists = await Promise.all(processes.map(keysOf));
    expect(new Set(lists.map(String)).size).toBe(1);
    expect(lists[0]).toHaveLength(2);
  });

  test('a process that sleeps over a rotation takes the tokens of others, and its own stay good with them', async () => {
    const [awake, asleep] = [opened(1), opened(2)];
    const before = await tokenOf(asleep);
    await clock.advance(rotatedAfterMs);
    await keysOf(awake);
    await clock.advance(shownFirstMs + rereadAfterMs);
    const after = await tokenOf(awake);
    expect(await isGood(asleep, after)).toBe(true);
    expect(await isGood(awake, before)).toBe(true);
  });

  test('keys of versions before go on, and are followed by a new one', async () => {
    const pem = makeTokenKey();
    await storage.create(key, () => Buffer.from(pem));
    const token = tokenIssuer([pem], clock, seededIds(9)).issue(claims);
    const one = opened();
    expect(await isGood(one, token)).toBe(true);
    expect(kidOf(await tokenOf(one))).toBe(kidOf(token));
    expect(await keysOf(one)).toHaveLength(2);
  });

  test('those of before a time are over at once where the deployment says so, in all processes alike', async () => {
    const stolen = await tokenOf(opened());
    await clock.advance(60_000);
    const since = clock.now();
    const [one, other] = [opened(1, since), opened(2, since)];
    expect(await Promise.all([one, other].map((each) => isGood(each, stolen)))).toEqual([false, false]);
    expect(await isGood(one, await tokenOf(other))).toBe(true);
    expect(await keysOf(one)).toHaveLength(1);
    await clock.advance(rereadAfterMs);
    expect(await keysOf(one)).toEqual(await keysOf(other));
    expect(await isGood(opened(3, since), await tokenOf(one))).toBe(true);
  });
});

describe('a token of a key that is not known', () => {
  const strange = () => tokenIssuer([makeTokenKey()], clock, seededIds(5)).issue(claims);

  test('has the keys read again, so that a key that was made meanwhile is found', async () => {
    const [one, other] = [opened(1), opened(2)];
    await keysOf(one);
    const { revision } = (await storage.get(key))!;
    await storage.delete(key, revision, () => new Uint8Array());
    await clock.advance(strangeKeyMs);
    expect(await isGood(one, await tokenOf(other))).toBe(true);
  });

  test('is read for once in ten seconds, whoever sends how many', async () => {
    const one = opened();
    await keysOf(one);
    await clock.advance(strangeKeyMs);
    const before = reads;
    for (let i = 0; i < 50; i++) expect(await isGood(one, strange())).toBe(false);
    await Promise.all(Array.from({ length: 50 }, () => isGood(one, strange())));
    expect(reads - before).toBe(1);
    await clock.advance(strangeKeyMs);
    await Promise.all(Array.from({ length: 50 }, () => isGood(one, strange())));
    expect(reads - before).toBe(2);
  });

  test.each([
    ['no token', 'a.b.c'],
    ['an altered one', ''],
    ['a key id that is none', `${Buffer.from('{"kid":7}').toString('base64url')}.e30.x`],
    ['no JSON', `${Buffer.from('{{').toString('base64url')}.e30.x`],
  ])('what is %s is read for never', async (_what, given) => {
    const one = opened();
    const altered = `${(await tokenOf(one)).slice(0, -4)}AAAA`;
    const token = given || altered;
    await clock.advance(strangeKeyMs);
    const before = reads;
    expect(await isGood(one, token)).toBe(false);
    expect(reads).toBe(before);
  });
});

describe('a table that does not answer', () => {
  test('fails the first who asks, and not those after', async () => {
    const one = opened();
    failure = new ApiError('ServiceUnavailable', 'later');
    await expect(one.current()).rejects.toThrow('later');
    failure = undefined;
    expect(await keysOf(one)).toHaveLength(1);
  });

  test('leaves the keys that are known', async () => {
    const one = opened();
    const token = await tokenOf(one);
    await clock.advance(rereadAfterMs);
    failure = new ApiError('ServiceUnavailable', 'later');
    expect(await isGood(one, token)).toBe(true);
    expect(warnings).toEqual(['the keys of tokens could not be read again']);
  });
});
