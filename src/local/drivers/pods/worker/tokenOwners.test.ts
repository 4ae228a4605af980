import { expect, test } from '@jest/globals';
import type { Pod } from '../../../../shared/kinds/schema/types.ts';
import { tokensOwned } from './tokenOwners.ts';

const data = new Uint8Array();
const files = new Map([
  ['ca.crt', { data, mode: 0o644 }],
  ['token', { data, mode: 0o644, token: { audience: '', expirationSeconds: 3600 } }],
]);
const container = (runAsUser?: number) => ({
  name: 'c',
  ...(runAsUser !== undefined && { securityContext: { runAsUser } }),
});

test.each([
  {
    what: 'a user of the Pod',
    own: { runAsUser: 1000 },
    users: [undefined, undefined],
    mode: 0o600,
    owner: 1000,
  },
  { what: 'one user of all containers', own: {}, users: [7, 7], mode: 0o600, owner: 7 },
  { what: 'a group', own: { fsGroup: 10 }, users: [undefined], mode: 0o600, owner: undefined },
  { what: 'a group and different users', own: { fsGroup: 10 }, users: [7, 8], mode: 0o600, owner: undefined },
  { what: 'different users', own: { runAsUser: 1000 }, users: [undefined, 8], mode: 0o644, owner: undefined },
  { what: 'nobody', own: {}, users: [undefined], mode: 0o644, owner: undefined },
])('a token for $what', ({ own, users, mode, owner }) => {
  const pod: Pod = { metadata: {}, spec: { securityContext: own, containers: users.map(container) } };
  const owned = tokensOwned(pod, files);
  expect(owned.get('token')).toMatchObject({ mode });
  expect(owned.get('token')?.owner).toBe(owner);
  expect(owned.get('ca.crt')).toEqual({ data, mode: 0o644 });
});
