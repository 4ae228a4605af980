import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ask, type Question } from '../support/aws/ask.ts';
import { auditGroup, type Deployment, openDeployment } from '../support/aws/deployment.ts';
import { named } from '../support/aws/fakeAuditLogs.ts';
import { until } from '../support/until.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  rules: [
    { level: 'RequestResponse', resources: [{ resources: ['configmaps'] }] },
    { level: 'Metadata', resources: [{ resources: ['secrets'] }], omitStages: ['RequestReceived'] },
  ],
};

describe('the audit log of a deployment with a policy', () => {
  let deployment: Deployment;
  const send = (line: string, question: Question = {}) =>
    ask(deployment.front, line, { token: deployment.token('ADMIN'), ...question });
  const stages = () => deployment.audit.events().map(({ level, stage }) => `${level} ${stage}`);

  beforeAll(async () => {
    deployment = await openDeployment('kubectl', { auditPolicy });
  }, 60_000);
  afterAll(() => deployment?.close());
  beforeEach(() => {
    for (const events of deployment.audit.streams.values()) events.length = 0;
  });

  test('events are written before the answer ends, in a stream of this process', async () => {
    const answer = await send(`POST ${maps}`, { body: '{"metadata":{"name":"m"},"data":{"a":"b"}}' });
    await answer.text();
    expect(deployment.audit.events()).toEqual([
      expect.objectContaining({ stage: 'RequestReceived', verb: 'create' }),
      expect.objectContaining({
        level: 'RequestResponse',
        stage: 'ResponseComplete',
        user: expect.objectContaining({ username: 'kubernetes-admin' }),
        requestObject: { metadata: { name: 'm' }, data: { a: 'b' } },
        responseObject: expect.objectContaining({ kind: 'ConfigMap' }),
        responseStatus: expect.objectContaining({ code: 201 }),
      }),
    ]);
    const place = new RegExp(`^${auditGroup} kube-apiserver-audit-[0-9a-f]{32}$`);
    expect([...deployment.audit.streams.keys()]).toEqual([expect.stringMatching(place)]);
  });

  test('the policy says what and when; Secrets are told of without their content', async () => {
    await (await send('GET /api/v1/namespaces/default/secrets')).text();
    await (await send('GET /api/v1/namespaces/default/pods')).text();
    expect(stages()).toEqual(['Metadata ResponseComplete']);
  });

  test('who may not is in it too', async () => {
    const answer = await send(`DELETE ${maps}/m`, { token: deployment.token('VIEWER') });
    expect(answer.status).toBe(403);
    await answer.text();
    expect(deployment.audit.events().at(-1)).toMatchObject({
      user: { username: 'viewer' },
      annotations: { 'authorization.k8s.io/decision': 'forbid' },
      responseStatus: { code: 403, reason: 'Forbidden' },
    });
  });

  test('a watch is told of while it goes on, and again when it has ended', async () => {
    const watch = await send(`GET ${maps}?watch=true&resourceVersion=1&timeoutSeconds=3`);
    await until('the start', () => stages().includes('RequestResponse ResponseStarted'));
    expect(stages()).not.toContain('RequestResponse ResponseComplete');
    await watch.text();
    expect(stages().at(-1)).toBe('RequestResponse ResponseComplete');
  });

  test('a log that fails fails no request, is said in the log of the function and counted', async () => {
    deployment.audit.fail(named('AccessDeniedException'));
    try {
      const answer = await send(`GET ${maps}`);
      expect(answer.status).toBe(200);
      expect(JSON.parse(await answer.text()).kind).toBe('ConfigMapList');
    } finally {
      deployment.audit.fail(undefined);
    }
    const said = deployment.front.output.find((line) => line.includes('events of the audit log are lost'));
    expect(JSON.parse(said!)).toMatchObject({ level: 'ERROR', events: 2 });
    const metrics = await (await send('GET /metrics')).text();
    expect(metrics).toContain('apiserver_audit_error_total{plugin="cloudwatch"} 2');
    expect(metrics).toMatch(/apiserver_audit_level_total\{level="RequestResponse"\} \d/);
    await (await send(`GET ${maps}`)).text();
    expect(stages()).toEqual(['RequestResponse RequestReceived', 'RequestResponse ResponseComplete']);
  });
});
