import { beforeEach, describe, expect, test } from '@jest/globals';
import { requests } from '../../kinds/certificates.k8s.io/v1/certificatesigningrequest/testing.ts';
import { type Send, testServer } from '../testing/testingServer.ts';

const root = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const merge = { 'content-type': 'application/merge-patch+json' };
const signerName = 'kubernetes.io/kube-apiserver-client';
const asked = (request = requests.jane, signer = signerName) => ({
  metadata: { name: 'x' },
  spec: { request, signerName: signer, usages: ['client auth'], username: 'somebody else' },
});
const condition = (type: string) => ({ type, status: 'True', reason: 'R', message: 'm' });
const jane: Send = { peer: { certificate: { commonName: 'jane', organizations: ['devs'] } } };

let send: Awaited<ReturnType<typeof testServer>>['send'];
const approve = (as: Send = {}, type = 'Approved') =>
  send(`PATCH ${root}/x/approval`, {
    ...as,
    headers: merge,
    body: { status: { conditions: [condition(type)] } },
  });
const status = (body: object, as: Send = {}) =>
  send(`PATCH ${root}/x/status`, { ...as, headers: merge, body: { status: body } });

beforeEach(async () => {
  ({ send } = await testServer());
});

describe('a request for a certificate', () => {
  test('says who asked, whatever it says', async () => {
    const { json } = await send(`POST ${root}`, { body: asked() });
    expect(json.spec).toMatchObject({
      username: 'admin',
      groups: ['system:masters', 'system:authenticated'],
    });
    expect(json.status).toEqual({});
  });

  test('for system:masters is refused', async () => {
    expect((await send(`POST ${root}`, { body: asked(requests.master) })).json.message).toBe(
      'certificatesigningrequests.certificates.k8s.io "x" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    );
  });

  test('keeps what it asked for', async () => {
    await send(`POST ${root}`, { body: asked() });
    const { json } = await send(`PATCH ${root}/x`, {
      headers: merge,
      body: { spec: { signerName: 'a.b/c' } },
    });
    expect(json.spec.signerName).toBe(signerName);
  });
});

describe('a decision', () => {
  beforeEach(() => send(`POST ${root}`, { body: asked() }));

  test('is taken by the door for it, dated, and lasts', async () => {
    const { json } = await approve();
    expect(json.status.conditions).toMatchObject([{ type: 'Approved', lastUpdateTime: expect.any(String) }]);
    expect((await status({ conditions: null })).json.message).toContain(
      'updates may not remove a condition of type "Approved"',
    );
    expect((await approve({}, 'Denied')).status).toBe(422);
  });

  test('is not taken by the status, and no certificate is written by the approval', async () => {
    expect((await status({ conditions: [condition('Approved')] })).json.message).toContain(
      'updates may not add a condition of type "Approved"',
    );
    const body = { status: { conditions: [condition('Approved')], certificate: 'eA==' } };
    expect(
      (await send(`PATCH ${root}/x/approval`, { headers: merge, body })).json.status.certificate,
    ).toBeUndefined();
  });

  const grant = async (...rules: object[]) => {
    await send(`POST ${rbac}/clusterroles`, { body: { metadata: { name: 'r' }, rules } });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' };
    const body = { metadata: { name: 'r' }, roleRef, subjects: [{ kind: 'User', name: 'jane' }] };
    await send(`POST ${rbac}/clusterrolebindings`, { body });
  };
  const doors = {
    verbs: ['patch'],
    apiGroups: ['certificates.k8s.io'],
    resources: ['certificatesigningrequests/approval', 'certificatesigningrequests/status'],
  };
  const on = (verb: string, name: string) => ({
    verbs: [verb],
    apiGroups: ['certificates.k8s.io'],
    resources: ['signers'],
    resourceNames: [name],
  });

  test.each([
    { rules: [doors], code: 403 },
    { rules: [doors, on('sign', signerName)], code: 403 },
    { rules: [doors, on('approve', 'kubernetes.io/other')], code: 403 },
    { rules: [doors, on('approve', signerName)], code: 200 },
    { rules: [doors, on('approve', 'kubernetes.io/*')], code: 200 },
    { rules: [on('approve', signerName)], code: 403 },
  ])('takes the right to approve for the signer: $code', async ({ rules, code }) => {
    await grant(...rules);
    expect((await approve(jane)).status).toBe(code);
  });

  test('and a certificate takes the right to sign', async () => {
    await grant(doors, on('approve', signerName));
    const failed = { conditions: [condition('Failed')] };
    expect((await status(failed, jane)).json.message).toBe(
      'certificatesigningrequests.certificates.k8s.io "x" is forbidden: user not permitted to sign requests with signerName "kubernetes.io/kube-apiserver-client"',
    );
    expect((await status(failed)).status).toBe(200);
  });
});
