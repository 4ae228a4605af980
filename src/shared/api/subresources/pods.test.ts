import { describe, expect, test } from '@jest/globals';
import { testServer } from '../testing/testingServer.ts';

const pods = '/api/v1/namespaces/default/pods';
const strategic = { 'content-type': 'application/strategic-merge-patch+json' };

/** A server with the Pod `p`, whose container `c` says that as well. */
async function withPod(more: object = {}) {
  const server = await testServer();
  const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'a:1', ...more }] };
  await server.send(`POST ${pods}`, { body: { metadata: { name: 'p' }, spec } });
  const patch = (spec: object, query = '') =>
    server.send(`PATCH ${pods}/p/ephemeralcontainers${query}`, { headers: strategic, body: { spec } });
  const read = async () => (await server.send(`GET ${pods}/p`)).json;
  return { ...server, patch, read };
}

describe('ephemeral containers', () => {
  const debug = { name: 'debugger', image: 'busybox', targetContainerName: 'c' };

  test('come with defaults and count as a change of spec; nothing else changes with them', async () => {
    const { patch, read } = await withPod();
    const { status } = await patch({ activeDeadlineSeconds: 5, ephemeralContainers: [debug] });
    expect(status).toBe(200);
    const { metadata, spec } = await read();
    expect(metadata.generation).toBe(2);
    expect(spec.activeDeadlineSeconds).toBeUndefined();
    expect(spec.ephemeralContainers).toEqual([
      expect.objectContaining({ ...debug, imagePullPolicy: 'Always' }),
    ]);
  });

  test('are not stored by a dry run', async () => {
    const { patch, read } = await withPod();
    const { json } = await patch({ ephemeralContainers: [debug] }, '?dryRun=All');
    expect(json.spec.ephemeralContainers).toHaveLength(1);
    expect((await read()).spec.ephemeralContainers).toBeUndefined();
  });

  test.each([
    [{ ...debug, image: 'other' }, 'Forbidden: existing ephemeral containers "debugger" may not be changed'],
    [
      { ...debug, $patch: 'delete' },
      'Forbidden: existing ephemeral containers "debugger" may not be removed',
    ],
    [{ name: 'c', image: 'b' }, 'Duplicate value: "c"'],
    [{ name: 'd', image: 'b', targetContainerName: 'no' }, 'Not found: "no"'],
    [
      { name: 'd', image: 'b', resources: { limits: { cpu: '1' } } },
      'Forbidden: cannot be set for an Ephemeral',
    ],
  ])('%j is refused: %s', async (container, why) => {
    const { patch } = await withPod();
    await patch({ ephemeralContainers: [debug] });
    const { json } = await patch({ ephemeralContainers: [container] });
    expect(json).toMatchObject({ code: 422, message: expect.stringContaining(why) });
  });

  test('do not come to the mirror of a static Pod', async () => {
    const { send, patch } = await withPod();
    const annotations = { 'kubernetes.io/config.mirror': 'x' };
    const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'a:1' }] };
    await send(`DELETE ${pods}/p?gracePeriodSeconds=0`);
    const { status } = await send(`POST ${pods}`, { body: { metadata: { name: 'p', annotations }, spec } });
    expect(status).toBe(201);
    const { json } = await patch({ ephemeralContainers: [debug] });
    expect(json).toMatchObject({ code: 422, message: expect.stringContaining('static pods do not support') });
  });

  test('a PUT replaces them', async () => {
    const { send, read } = await withPod();
    const whole = { ...(await read()), spec: { containers: [], ephemeralContainers: [debug] } };
    expect((await send(`PUT ${pods}/p/ephemeralcontainers`, { body: whole })).status).toBe(200);
    const { spec } = await read();
    expect([spec.containers.length, spec.ephemeralContainers.length]).toEqual([1, 1]);
  });

  test.each([
    ['ephemeralcontainers', { ephemeralContainers: [debug] }],
    ['resize', { containers: [{ name: 'c', resources: { requests: { cpu: '2' } } }] }],
  ])('a PUT of %s without a resourceVersion loses no race', async (part, change) => {
    const resources = { requests: { cpu: '1' } };
    const { send, storage, read } = await withPod({ resources });
    const labels = { a: 'b' };
    const rivals = [() => send(`PATCH ${pods}/p`, { headers: strategic, body: { metadata: { labels } } })];
    const write = storage.update.bind(storage);
    storage.update = async (...args) => {
      await rivals.shift()?.();
      return write(...args);
    };
    const spec = { containers: [], ...change };
    const { status } = await send(`PUT ${pods}/p/${part}`, { body: { metadata: { name: 'p' }, spec } });
    expect(status).toBe(200);
    expect(await read()).toMatchObject({ metadata: { labels, generation: 2 }, spec: change });
  });

  test('whoever adds one is told what admission warns of', async () => {
    const { send, patch, read } = await withPod();
    const labels = { 'pod-security.kubernetes.io/warn': 'restricted' };
    await send('PATCH /api/v1/namespaces/default', { headers: strategic, body: { metadata: { labels } } });
    const spec = { ephemeralContainers: [debug] };
    const whole = { ...(await read()), spec: { containers: [], ...spec } };
    const answers = [
      await patch(spec, '?dryRun=All'),
      await send(`PUT ${pods}/p/ephemeralcontainers`, { body: whole }),
    ];
    for (const { status, headers } of answers) {
      expect(status).toBe(200);
      expect([headers.warning].flat().join()).toContain('would violate PodSecurity \\"restricted:latest\\"');
    }
  });
});

describe('an eviction', () => {
  const eviction = (more: object = {}) => ({
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'p', namespace: 'default' },
    ...more,
  });

  test('begins the deletion and says why', async () => {
    const { send, read } = await withPod();
    const answer = await send(`POST ${pods}/p/eviction`, {
      body: eviction({ deleteOptions: { gracePeriodSeconds: 7 } }),
    });
    expect(answer).toMatchObject({ status: 201, json: { kind: 'Status', status: 'Success', code: 201 } });
    const { metadata, status } = await read();
    expect(metadata).toMatchObject({ deletionGracePeriodSeconds: 7, deletionTimestamp: expect.any(String) });
    expect(status.conditions).toMatchObject([{ type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' }]);
  });

  test.each([
    ['?dryRun=All', {}],
    ['', { deleteOptions: { dryRun: ['All'] } }],
  ])('as a dry run (%s %j) changes nothing', async (query, more) => {
    const { send, read } = await withPod();
    const before = await read();
    const { status } = await send(`POST ${pods}/p/eviction${query}`, { body: eviction(more) });
    expect(status).toBe(201);
    expect(await read()).toEqual(before);
  });

  test.each([
    [eviction({ metadata: { name: 'q' } }), 400, 'name in URL does not match name in Eviction object'],
    [eviction({ deleteOptions: { preconditions: { uid: 'x' } } }), 409, 'the UID in the precondition (x)'],
    [
      eviction({ deleteOptions: { propagationPolicy: 'x' } }),
      422,
      'propagationPolicy: Unsupported value: "x"',
    ],
    [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }, 400, 'cannot be handled as a Eviction'],
  ])('%j is refused: %i %s', async (wrong, code, why) => {
    const { send, read } = await withPod();
    const before = await read();
    const { json } = await send(`POST ${pods}/p/eviction`, { body: wrong });
    expect(json).toMatchObject({ code, message: expect.stringContaining(why) });
    expect(await read()).toEqual(before);
  });
});

describe('a grace period', () => {
  const end = async (graces: number[], waitMs: number) => {
    const { send, clock, read } = await withPod();
    for (const gracePeriodSeconds of graces) {
      await send(`DELETE ${pods}/p`, { body: { gracePeriodSeconds } });
      clock.advance(waitMs);
    }
    return (await read()).metadata;
  };
  const span = ({ deletionTimestamp, creationTimestamp }: Record<string, string>) =>
    (Date.parse(deletionTimestamp!) - Date.parse(creationTimestamp!)) / 1000;

  test('is shortened from when the deletion began, never lengthened', async () => {
    const metadata = await end([30, 10, 20], 2_000);
    expect([metadata.deletionGracePeriodSeconds, span(metadata)]).toEqual([10, 10]);
  });

  test.each(['4611686018427387904', '9223372036854775807'])(
    'B9: of %s s is kept to its digits, ends at a time that can be written, and may be shortened',
    async (seconds) => {
      const { send, read } = await withPod();
      const { status, text } = await send(`DELETE ${pods}/p?gracePeriodSeconds=${seconds}`);
      expect(status).toBe(200);
      expect(text).toContain(`"deletionGracePeriodSeconds":${seconds}`);
      expect((await read()).metadata.deletionTimestamp).toMatch(/^2318-/);
      await send(`DELETE ${pods}/p?gracePeriodSeconds=10`);
      const { metadata } = await read();
      expect([metadata.deletionGracePeriodSeconds, span(metadata)]).toEqual([10, 10]);
    },
  );

  test.each([
    ['x', 'invalid syntax'],
    ['9223372036854775808', 'value out of range'],
  ])('B9: %s is refused: %s', async (seconds, why) => {
    const { send } = await withPod();
    const { json } = await send(`DELETE ${pods}/p?gracePeriodSeconds=${seconds}`);
    expect(json).toMatchObject({ code: 400, message: `strconv.ParseInt: parsing "${seconds}": ${why}` });
  });

  test('that would have run out is a last second', async () => {
    const metadata = await end([30, 5], 10_000);
    expect([metadata.deletionGracePeriodSeconds, span(metadata)]).toEqual([1, 10]);
  });
});
