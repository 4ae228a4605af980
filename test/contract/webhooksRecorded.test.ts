import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { admissionPlugins } from '../../src/shared/admission/registry.ts';
import { testServer } from '../../src/shared/api/testing/testingServer.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import { httpsWebhooks } from '../../src/shared/webhooks/https.ts';
import { behaviours } from '../support/webhooks/behaviours.ts';
import { openWebhookServer, type WebhookServer } from '../support/webhooks/server.ts';

/** What kube-apiserver 1.35.4 answered, asked with webhooks that did the same. */
interface Recorded {
  kind: 'mutating' | 'validating';
  case: string;
  status: number;
  reason?: string;
  message?: string;
  details?: object;
  /** Of the object that was made. */
  name?: string;
  data?: object;
  warning?: string;
}
const path = new URL('testdata/webhooks.json', import.meta.url);
const recorded = JSON.parse(readFileSync(path, 'utf8')) as Recorded[];

let hooks: WebhookServer;
let webhooks: ReturnType<typeof httpsWebhooks>;
let server: Awaited<ReturnType<typeof testServer>>;
beforeAll(async () => {
  hooks = await openWebhookServer(behaviours);
  const clock = new ManualClock();
  const storage = openMemoryStorage({ clock });
  const ids = seededIds(3);
  webhooks = httpsWebhooks({ clock: systemClock, find: async () => ({ host: 'localhost', port: 1 }) });
  server = await testServer({
    storage,
    admission: admissionPlugins({ storage, clock, ids, webhooks }),
  });
});
afterAll(async () => {
  webhooks.close();
  await hooks.close();
});

const url = (at: string) => ({ url: `https://${hooks.host}/${at}`, caBundle: hooks.caBundle });
const refusing = () => ({ ...url(''), url: 'https://localhost:1/x' });

/** Where the webhook of a case is, and what its configuration says besides. */
function special(name: string): object {
  const bundle = Buffer.from('rub').toString('base64');
  const condition = { matchConditions: [{ name: 'a', expression: 'object.foo == 1' }] };
  switch (name) {
    case 'refused':
      return { clientConfig: refusing() };
    case 'defpath':
      return { clientConfig: { ...url(''), url: 'https://localhost:1' }, timeoutSeconds: 10 };
    case 'plain':
      return { clientConfig: { ...url(''), url: `https://${hooks.plainHost}/log` } };
    case 'nobundle':
      return { clientConfig: { url: `https://${hooks.host}/log` } };
    case 'badbundle':
      return { clientConfig: { ...url('log'), caBundle: bundle } };
    case 'ignore':
      return { clientConfig: refusing(), failurePolicy: 'Ignore' };
    case 'ignorestatus':
      return { clientConfig: url('status'), failurePolicy: 'Ignore' };
    case 'ignorepatch':
    case 'ignoremiss':
      return { failurePolicy: 'Ignore' };
    case 'cond':
      return condition;
    default:
      return {};
  }
}

test.each(recorded)('$kind webhook "$case" answers as a real server does', async (wanted) => {
  const { kind, case: name } = wanted;
  const configurations = `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations`;
  const maps = '/api/v1/namespaces/default/configmaps';
  const webhook = {
    name: `${name}.hooks.example.com`,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    clientConfig: url(name),
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
    timeoutSeconds: 2,
    ...special(name),
  };
  const made = await server.send(`POST ${configurations}`, {
    body: { metadata: { name: 'x' }, webhooks: [webhook] },
  });
  expect(made.status).toBe(201);
  const { status, json, headers } = await server.send(`POST ${maps}`, {
    body: { metadata: { name: `m${name}` }, data: { a: 'b' } },
  });
  await server.send(`DELETE ${configurations}/x`);
  if (status === 201) await server.send(`DELETE ${maps}/${json.metadata.name}`);

  const text = (value: string | undefined) =>
    value
      ?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '{uid}')
      .replaceAll(hooks.host, '{server}')
      .replaceAll(hooks.plainHost, '{plain}');
  const { message = '', reason } = wanted;
  const cause = { causes: [{ message: message.replace('Internal error occurred: ', '') }] };
  const details = wanted.details ?? (reason === 'InternalError' ? cause : undefined);
  if (wanted.status === 201)
    expect({ status, name: json.metadata?.name, data: json.data }).toEqual({
      status: 201,
      name: wanted.name,
      data: wanted.data,
    });
  else
    expect({
      status,
      reason: json.reason,
      message: text(json.message),
      details: json.details && JSON.parse(text(JSON.stringify(json.details)) ?? ''),
    }).toEqual({ status: wanted.status, reason, message, details });
  expect([headers.warning ?? []].flat().join(', ')).toBe(wanted.warning ?? '');
});
