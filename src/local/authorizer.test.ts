import { expect, test } from '@jest/globals';
import type { Attributes } from '../shared/auth/authorize.ts';
import { policiesIn } from '../shared/auth/rbac/policies.ts';
import { masters } from '../shared/auth/user.ts';
import { systemClock } from '../shared/clock/systemClock.ts';
import { openMemoryStorage } from '../shared/storage/memory/index.ts';
import { type AuthorizationMode, authorizerOf } from './authorizer.ts';

const asked = (groups: string[], user = 'u'): Attributes => ({
  cluster: 'default',
  user: { name: user, groups },
  verb: 'get',
  resource: { group: '', version: 'v1', plural: 'secrets' },
  namespace: 'default',
  path: '',
});
function decide(modes: AuthorizationMode[], attributes: Attributes) {
  const storage = openMemoryStorage({ clock: systemClock });
  return authorizerOf(modes, storage, policiesIn(storage, systemClock)).decide(attributes);
}

test('where everything is allowed, a role that allows it is told all the same', async () => {
  const bound = asked(['system:nodes'], 'somebody');
  expect(await decide(['RBAC'], bound)).toMatchObject({ allowed: false });
  expect(await decide(['RBAC', 'AlwaysAllow'], bound)).toEqual({ allowed: true });
  const root = asked([masters]);
  const said = await decide(['RBAC'], root);
  expect(said.allowed).toBe(true);
  expect(await decide(['RBAC', 'AlwaysAllow'], root)).toEqual(said);
});

test('of nodes, too, everything is allowed', async () => {
  const node = asked(['system:nodes'], 'system:node:n');
  expect((await decide(['Node'], node)).allowed).toBe(false);
  expect((await decide(['Node', 'AlwaysAllow'], node)).allowed).toBe(true);
});
