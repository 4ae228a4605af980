import { expect, test } from '@jest/globals';
import { testServer } from '../../api/testing/testingServer.ts';

const claim = {
  metadata: { name: 'x' },
  spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'c', adminAccess: true } }] } },
};

test.each([
  [undefined, 422],
  ['true', 201],
  ['false', 422],
])('admin access where the label of the namespace is %s is answered by %i', async (value, expected) => {
  const { send } = await testServer();
  const labels = value ? { 'resource.kubernetes.io/admin-access': value } : {};
  await send('POST /api/v1/namespaces', { body: { metadata: { name: 'n', labels } } });
  const line = 'POST /apis/resource.k8s.io/v1/namespaces/n/resourceclaims';
  const { status, json } = await send(line, { body: claim });
  expect(status).toBe(expected);
  if (status === 422)
    expect(json.message).toBe(
      'ResourceClaim.resource.k8s.io "x" is invalid: spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace',
    );
});
