import { beforeEach, describe, expect, test } from '@jest/globals';
import { testServer } from '../api/testing/testingServer.ts';
import { ManualClock } from '../clock/manualClock.ts';
import { typeNameOf } from '../kinds/schema/facts.ts';
import { encodeProtobuf } from '../kinds/schema/protobuf-encode.ts';
import type { Level, Stage } from './policy.ts';
import { auditTally } from './tally.ts';
import { createAuditTrail } from './trail.ts';

const maps = '/api/v1/namespaces/default/configmaps';
// biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
let events: any[];
let server: Awaited<ReturnType<typeof testServer>>;

const open = async (level: Level, omitStages: Stage[] = []) => {
  events = [];
  const clock = new ManualClock();
  const auditTrail = createAuditTrail({
    policy: {
      omitStages,
      omitManagedFields: true,
      rules: [{ level, resources: [{ resources: ['configmaps'] }] }],
    },
    clock,
    log: { write: (event) => events.push(JSON.parse(JSON.stringify(event))) },
    tally: auditTally(),
  });
  server = await testServer({ auditTrail });
};

describe('what is written of a request', () => {
  test('Metadata: who did what in which stage, with one id, and how it went', async () => {
    await open('Metadata');
    await server.send(`POST ${maps}`, { body: { metadata: { name: 'm' }, data: { secret: 's' } } });
    expect(events.map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseComplete']);
    const [first, last] = events;
    expect(last.auditID).toBe(first.auditID);
    expect(first).not.toHaveProperty('annotations');
    expect(last).toMatchObject({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      verb: 'create',
      requestURI: maps,
      user: { username: 'admin' },
      objectRef: { resource: 'configmaps', namespace: 'default', name: 'm', apiVersion: 'v1' },
      responseStatus: { code: 201 },
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    });
    expect(first.objectRef).not.toHaveProperty('name');
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  test('Request: its body too', async () => {
    await open('Request', ['RequestReceived']);
    await server.send(`POST ${maps}`, { body: { metadata: { name: 'm' }, data: { a: 'b' } } });
    expect(events).toHaveLength(1);
    expect(events[0].requestObject).toEqual({ metadata: { name: 'm' }, data: { a: 'b' } });
    expect(events[0]).not.toHaveProperty('responseObject');
  });

  test('a body in protobuf, and what it says of itself', async () => {
    await open('RequestResponse', ['RequestReceived']);
    const protobuf = 'application/vnd.kubernetes.protobuf';
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', uid: '1' }, data: { a: 'b' } };
    await server.send(`POST ${maps}`, {
      headers: { 'content-type': protobuf, accept: protobuf },
      body: encodeProtobuf(map, typeNameOf('', 'v1', 'ConfigMap') ?? ''),
    });
    expect(events[0]).toMatchObject({
      objectRef: { name: 'm', uid: '1' },
      requestObject: map,
      responseObject: { kind: 'ConfigMap', metadata: { name: 'm', namespace: 'default' }, data: { a: 'b' } },
    });
  });

  test('RequestResponse: an answer in gzip too', async () => {
    await open('RequestResponse', ['RequestReceived']);
    const data = { a: 'b'.repeat(200_000) };
    await server.send(`POST ${maps}`, { body: { metadata: { name: 'm' }, data } });
    const { headers } = await server.send(`GET ${maps}`, { headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(events[1].responseObject).toMatchObject({ kind: 'ConfigMapList', items: [{ data }] });
  });

  test('RequestResponse: its answer too, lists as well, without owners of fields', async () => {
    await open('RequestResponse', ['RequestReceived']);
    await server.send(`POST ${maps}`, { body: { metadata: { name: 'm' }, data: { a: 'b' } } });
    const { text } = await server.send(`GET ${maps}`);
    expect(events[0].responseObject).toMatchObject({ kind: 'ConfigMap', data: { a: 'b' } });
    expect(events[0].responseObject.metadata).not.toHaveProperty('managedFields');
    expect(events[1].responseObject.items).toHaveLength(1);
    expect(JSON.parse(text).items[0].metadata).toHaveProperty('managedFields');
  });

  test('a refusal says so, with the words of its Status', async () => {
    await open('Metadata', ['RequestReceived']);
    const peer = { certificate: { commonName: 'jane', organizations: [] } };
    await server.send(`GET ${maps}`, { peer });
    expect(events[0]).toMatchObject({
      user: { username: 'jane' },
      responseStatus: { code: 403, status: 'Failure', reason: 'Forbidden' },
      annotations: { 'authorization.k8s.io/decision': 'forbid' },
    });
  });

  test('whom somebody acts as', async () => {
    await open('Metadata', ['RequestReceived']);
    await server.send(`GET ${maps}`, { headers: { 'impersonate-user': 'jane' } });
    expect(events[0]).toMatchObject({ user: { username: 'admin' }, impersonatedUser: { username: 'jane' } });
  });

  test('that somebody may not act as another', async () => {
    await open('Metadata');
    const peer = { certificate: { commonName: 'jane', organizations: [] } };
    await server.send(`GET ${maps}`, { peer, headers: { 'impersonate-user': 'bob' } });
    expect(events.map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseComplete']);
    expect(events[1]).toMatchObject({ user: { username: 'jane' }, responseStatus: { code: 403 } });
    expect(events[1]).not.toHaveProperty('impersonatedUser');
    expect(events[1]).not.toHaveProperty('annotations');
  });

  test('a request that nobody could be made out of: once, with the answer, as kube-apiserver 1.35 was asked', async () => {
    await open('Request');
    const refused = await server.send(`GET ${maps}`, {
      peer: {},
      headers: { 'audit-id': 'mine', authorization: 'Bearer bad' },
    });
    expect(refused.status).toBe(401);
    expect(events).toEqual([
      {
        kind: 'Event',
        apiVersion: 'audit.k8s.io/v1',
        level: 'Request',
        auditID: 'mine',
        stage: 'ResponseStarted',
        requestURI: maps,
        verb: 'list',
        user: {},
        sourceIPs: expect.any(Array),
        objectRef: { resource: 'configmaps', namespace: 'default', apiVersion: 'v1' },
        responseStatus: {
          metadata: {},
          status: 'Failure',
          message: 'Unauthorized',
          reason: 'Unauthorized',
          code: 401,
        },
        requestReceivedTimestamp: expect.any(String),
        stageTimestamp: expect.any(String),
      },
    ]);
  });

  test('the name that a client gave it, which its answer tells too', async () => {
    await open('Metadata');
    const named = await server.send(`GET ${maps}`, { headers: { 'audit-id': 'mine' } });
    const unnamed = await server.send(`GET ${maps}`);
    expect(events.map(({ auditID }) => auditID)).toEqual([
      'mine',
      'mine',
      unnamed.headers['audit-id'],
      unnamed.headers['audit-id'],
    ]);
    expect(named.headers['audit-id']).toBe('mine');
  });
});

describe('nothing is written', () => {
  beforeEach(() => open('Metadata'));

  test('of requests that no rule is about', async () => {
    await server.send('GET /api/v1/namespaces');
    await server.send('GET /version');
    expect(events).toEqual([]);
  });

  test('of what the controllers of this process do', async () => {
    await server.send(`GET ${maps}`, { peer: { internal: { user: 'controller', groups: [] } } });
    expect(events).toEqual([]);
  });
});
