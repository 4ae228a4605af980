import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readSettings } from '../../infra/settings.ts';
import { allowancesOf, resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.
jest.setTimeout(60_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-audit-policy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const auditPolicy = 'test/support/aws/auditPolicy.yaml';

describe('-c auditPolicy', () => {
  test('makes a log group that is encrypted and forgets, to which the API writes and which nobody reads', () => {
    const template = synthesise({ auditPolicy, auditLogDays: '30' });
    const [group] = resourcesOf(template).filter(
      ([, { Properties }]) => Properties.LogGroupName === '/shallop/dev/audit',
    );
    const [id, { Properties }] = group!;
    expect(Properties).toMatchObject({ RetentionInDays: 30, KmsKeyId: expect.anything() });
    const arn = { 'Fn::GetAtt': [id, 'Arn'] };
    const allowed = allowancesOf(template).filter(({ resources }) => JSON.stringify(resources).includes(id));
    expect(allowed).toMatchObject([
      {
        role: expect.stringMatching(/^ApiHandlerRole/),
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        // The same right as to its own log, so that they stand in one statement.
        resources: expect.arrayContaining([arn]),
      },
    ]);
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'shallop-dev-api',
      Environment: { Variables: { SHALLOP_AUDIT_LOG_GROUP: { Ref: id } } },
    });
  });

  test('absent, there is no such group and no such right', () => {
    expect(JSON.stringify(synthesise().toJSON())).not.toMatch(/audit/i);
  });

  test.each([
    ['no file', undefined, /^-c auditPolicy: ENOENT/],
    ['no policy', 'kind: ConfigMap', /^-c auditPolicy=.*: it is no Policy of audit.k8s.io\/v1/],
  ])('with %s the deployment says so', (_what, content, why) => {
    const file = join(folder, content ? 'policy.yaml' : 'nothing.yaml');
    if (content) writeFileSync(file, content);
    expect(() => readSettings((key) => (key === 'auditPolicy' ? file : undefined))).toThrow(why);
  });
});

describe('-c tokensSince', () => {
  const read = (tokensSince: string) =>
    readSettings((key) => (key === 'tokensSince' ? tokensSince : undefined)).tokensSince;

  test('is told to every function with tokens', () => {
    synthesise({ tokensSince: '2026-01-01T10:00:00+01:00' }).hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'shallop-dev-reconcile-secrets',
      Environment: { Variables: { SHALLOP_TOKENS_SINCE: '2026-01-01T09:00:00.000Z' } },
    });
  });

  test.each(['now', '2026-01-01', '2999-01-01T00:00:00Z'])('is no time that has been: %s', (text) => {
    expect(() => read(text)).toThrow('-c tokensSince is a time that has been');
  });
});
