import { beforeEach, describe, expect, test } from '@jest/globals';
import { localKeys } from '../../../../test/support/keyWrapper.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import { ApiError } from '../../errors/apiError.ts';
import type { Change, Key, Progress, Storage } from '../../ports/storage.ts';
import { openMemoryStorage } from '../memory/index.ts';
import { encrypted } from './encryption.ts';
import { headerOf, isSealed } from './encryptionSealing.ts';

const key = (name: string, resource = 'secrets'): Key => ({
  cluster: 'default',
  resource,
  namespace: 'ns',
  name,
});
const says = (text: string) => (revision: string) => Buffer.from(JSON.stringify({ revision, text }));
const textOf = (value: Uint8Array | undefined) => value && JSON.parse(Buffer.from(value).toString()).text;
const day = 24 * 3_600_000;
const scope = { cluster: 'default', resource: 'secrets' };
const damaged = expect.objectContaining({
  reason: 'InternalError',
  message: expect.stringContaining('opened'),
});

let clock: ManualClock;
let keys: ReturnType<typeof localKeys>;
let inner: Storage;
/** As another process sees the same storage. */
const open = (keyId?: string, limits = {}) =>
  encrypted(inner, { resources: ['secrets'], wrapper: keys.wrapper(keyId), clock, limits });

beforeEach(() => {
  clock = new ManualClock();
  keys = localKeys();
  inner = openMemoryStorage({ clock });
});

test('what is stored shows nothing of the value; what is read is the value', async () => {
  const storage = open();
  const written = await storage.create(key('a'), says('hunter2'), { owners: ['u'] });
  const stored = await inner.get(key('a'));
  expect(isSealed(stored!.value)).toBe(true);
  expect(Buffer.from(stored!.value).includes('hunter2')).toBe(false);
  expect(textOf(written.value)).toBe('hunter2');
  expect(textOf((await open().get(key('a')))?.value)).toBe('hunter2');
  expect((await storage.list({ ...scope, owner: 'u' })).items.map((i) => textOf(i.value))).toEqual([
    'hunter2',
  ]);
});

test('a watch tells the new and the previous state', async () => {
  const storage = open();
  const { revision } = await storage.create(key('a'), says('one'));
  const second = await storage.update(key('a'), revision, says('two'));
  await storage.delete(key('a'), second.revision, says('last'));
  const seen: unknown[] = [];
  const stop = new AbortController();
  for await (const event of open().watch(scope, '1', stop.signal)) {
    if (event.type === 'progress') break;
    seen.push([event.type, textOf(event.object.value), textOf(event.previous?.value)]);
  }
  expect(seen).toEqual([
    ['put', 'one', undefined],
    ['put', 'two', 'one'],
    ['delete', 'last', 'two'],
  ]);
});

test('other resources pass untouched', async () => {
  await open().create(key('a', 'configmaps'), says('plain'));
  expect(textOf((await inner.get(key('a', 'configmaps')))?.value)).toBe('plain');
  expect(keys.calls).toEqual([]);
});

test('values from before encryption are read, and sealed when written', async () => {
  const { revision } = await inner.create(key('old'), says('plain'));
  const storage = open();
  expect(textOf((await storage.get(key('old')))?.value)).toBe('plain');
  await storage.update(key('old'), revision, says('plain'));
  expect(isSealed((await inner.get(key('old')))!.value)).toBe(true);
});

describe('fails closed', () => {
  const replace = async (name: string, value: Uint8Array) => {
    const stored = await inner.get(key(name));
    if (stored) await inner.update(key(name), stored.revision, () => value);
    else await inner.create(key(name), () => value);
  };

  test('any changed bit, and any cut, is refused', async () => {
    await open().create(key('a'), says('hunter2'));
    const { value } = (await inner.get(key('a')))!;
    for (let at = 4; at < value.length; at++) {
      const changed = Uint8Array.from(value);
      changed[at] = changed[at]! ^ 1;
      await replace('a', changed);
      await expect(open().get(key('a'))).rejects.toEqual(damaged);
    }
    for (const length of [4, 6, 20, value.length - 17, value.length - 1]) {
      await replace('a', value.slice(0, length));
      await expect(open().get(key('a'))).rejects.toEqual(damaged);
    }
  });

  test('a value moved to another key does not open, and neither does a list with it', async () => {
    const storage = open();
    await storage.create(key('a'), says('hunter2'));
    await replace('b', (await inner.get(key('a')))!.value);
    await expect(storage.get(key('b'))).rejects.toEqual(damaged);
    await expect(storage.list(scope)).rejects.toEqual(damaged);
    const events: (Change | Progress)[] = [];
    const watched = (async () => {
      for await (const event of storage.watch(scope, '1', new AbortController().signal)) events.push(event);
    })();
    await expect(watched).rejects.toEqual(damaged);
    expect(events).toHaveLength(1);
  });

  test('errors carry nothing of the value', async () => {
    await open().create(key('a'), says('hunter2'));
    const { value } = (await inner.get(key('a')))!;
    await replace('a', value.slice(0, -1));
    const error = await open()
      .get(key('a'))
      .catch((e: ApiError) => e);
    expect(
      JSON.stringify([error, (error as ApiError).message, String((error as ApiError).cause)]),
    ).not.toContain('hunter2');
  });

  test('while no key can be had nothing is written, and reads say when to come back', async () => {
    await open().create(key('a'), says('x'));
    keys.failure = new ApiError('ServiceUnavailable', 'GenerateDataKey: throttled');
    await expect(open().create(key('b'), says('x'))).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    await expect(open().get(key('a'))).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    expect(await inner.get(key('b'))).toBeUndefined();
    delete keys.failure;
    expect(textOf((await open().get(key('a')))?.value)).toBe('x');
  });
});

describe('data keys', () => {
  const wrappedBy = async (name: string) => {
    const { keyId, wrapped } = headerOf((await inner.get(key(name)))!.value);
    return `${keyId}/${Buffer.from(wrapped).toString('hex')}`;
  };

  test('one serves many values and is asked for once, also by those that come together', async () => {
    const storage = open();
    await Promise.all(['a', 'b', 'c'].map((name) => storage.create(key(name), says(name))));
    await storage.list(scope);
    expect(keys.calls).toEqual(['generate']);
    const other = open();
    await Promise.all(['a', 'b', 'c'].map((name) => other.get(key(name))));
    expect(keys.calls).toEqual(['generate', 'unwrap']);
  });

  test('a process that read a young one seals with it; an old or a worn one seals nothing more', async () => {
    await open().create(key('a'), says('a'));
    const other = open(undefined, { maxUses: 1 });
    await other.get(key('a'));
    await other.create(key('b'), says('b'));
    await other.create(key('c'), says('c'));
    expect(await wrappedBy('b')).toBe(await wrappedBy('a'));
    expect(await wrappedBy('c')).not.toBe(await wrappedBy('a'));
    await clock.advance(day + 1000);
    const later = open();
    await later.get(key('a'));
    await later.create(key('d'), says('d'));
    expect([await wrappedBy('a'), await wrappedBy('c')]).not.toContain(await wrappedBy('d'));
  });

  test('with another wrapping key, values under the former open and new ones are under the new', async () => {
    await open('key-1').create(key('a'), says('a'));
    const storage = open('key-2');
    expect(textOf((await storage.get(key('a')))?.value)).toBe('a');
    await storage.create(key('b'), says('b'));
    expect(await wrappedBy('b')).toMatch(/^key-2\//);
  });

  test('a Build called again gives the same bytes, another revision others', async () => {
    const values: Uint8Array[] = [];
    const twice: Storage = {
      ...inner,
      create: (at, build) => {
        values.push(build('5'), build('5'), build('6'));
        return inner.create(at, build);
      },
    };
    await encrypted(twice, { resources: ['secrets'], wrapper: keys.wrapper(), clock }).create(
      key('a'),
      says('x'),
    );
    expect(values[0]).toEqual(values[1]);
    expect(headerOf(values[0]!).nonce).not.toEqual(headerOf(values[2]!).nonce);
  });
});
