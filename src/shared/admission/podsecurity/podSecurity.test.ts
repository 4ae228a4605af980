import { beforeEach, describe, expect, test } from '@jest/globals';
import { testServer } from '../../api/testing/testingServer.ts';

const merge = { 'content-type': 'application/merge-patch+json' };
const label = (mode: string) => `pod-security.kubernetes.io/${mode}`;
const pods = '/api/v1/namespaces/safe/pods';
const plain = { containers: [{ name: 'c', image: 'i' }] };
const fine = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'c',
      image: 'i',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};
const why =
  'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';

let send: Awaited<ReturnType<typeof testServer>>['send'];
const open = async (labels: Record<string, string>) => {
  ({ send } = await testServer());
  await send('POST /api/v1/namespaces', { body: { metadata: { name: 'safe', labels } } });
  await send('POST /api/v1/namespaces/safe/serviceaccounts', { body: { metadata: { name: 'default' } } });
};
const create = (name: string, spec: object) => send(`POST ${pods}`, { body: { metadata: { name }, spec } });

describe('a namespace that enforces a level', () => {
  beforeEach(() => open({ [label('enforce')]: 'restricted' }));

  test('refuses Pods that do not meet it, in the words of Kubernetes', async () => {
    const { status, json } = await create('x', plain);
    expect(status).toBe(403);
    expect(json.message).toBe(`pods "x" is forbidden: violates PodSecurity "restricted:latest": ${why}`);
  });

  test('takes those that do', async () => {
    expect((await create('x', fine)).status).toBe(201);
  });

  test('refuses ephemeral containers that do not meet it, and lets other changes pass', async () => {
    await create('x', fine);
    const body = { spec: { ephemeralContainers: [{ name: 'e', image: 'i' }] } };
    const { json } = await send(`PATCH ${pods}/x/ephemeralcontainers`, { headers: merge, body });
    expect(json.message).toMatch(/^pods "x" is forbidden: violates PodSecurity "restricted:latest": .*"e"/);
    const labels = { metadata: { labels: { a: 'b' } } };
    expect((await send(`PATCH ${pods}/x`, { headers: merge, body: labels })).status).toBe(200);
  });

  test('warns whoever writes a template of such Pods', async () => {
    const spec = {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: plain },
    };
    const { status, headers } = await send('POST /apis/apps/v1/namespaces/safe/deployments', {
      body: { metadata: { name: 'd' }, spec },
    });
    expect(status).toBe(201);
    expect([headers.warning].flat().join()).toContain('would violate PodSecurity \\"restricted:latest\\"');
  });
});

test('audit and warn only tell', async () => {
  await open({
    [label('warn')]: 'baseline',
    [label('warn-version')]: 'v1.30',
    [label('audit')]: 'restricted',
  });
  const { status, headers } = await create('x', { ...plain, hostNetwork: true });
  expect(status).toBe(201);
  expect([headers.warning].flat().join()).toContain(
    'would violate PodSecurity \\"baseline:v1.30\\": host namespaces (hostNetwork=true)',
  );
});

test('labels that nobody can read are refused, and count as the strictest where they are', async () => {
  await open({});
  const bad = { metadata: { labels: { [label('enforce')]: 'strict', [label('warn-version')]: '1' } } };
  const { status, json } = await send('PATCH /api/v1/namespaces/safe', { headers: merge, body: bad });
  expect(status).toBe(422);
  expect(json.message).toBe(
    'Namespace "safe" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1": must be "latest" or "v1.x"]',
  );
});

test('who makes a namespace stricter is told which Pods would not be taken any more', async () => {
  await open({});
  for (const name of ['b', 'a', 'c']) await create(name, plain);
  await create('d', fine);
  const body = { metadata: { labels: { [label('enforce')]: 'restricted' } } };
  const { headers } = await send('PATCH /api/v1/namespaces/safe', { headers: merge, body });
  const warnings = [headers.warning].flat();
  expect(warnings[0]).toContain(
    'existing pods in namespace \\"safe\\" violate the new PodSecurity enforce level \\"restricted:latest\\"',
  );
  expect(warnings[1]).toContain(
    'a (and 2 other pods): allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
  );
});
