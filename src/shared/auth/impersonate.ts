import { badRequest } from '../errors/common.ts';
import { type Authorizer, forbidden } from './authorize.ts';
import { authenticated, type User } from './user.ts';

/** The user a request asks to act as (`kubectl --as`), or the user itself. Throws Forbidden, BadRequest. */
export async function impersonated(
  user: User,
  header: (name: string) => string | undefined,
  authorizer: Authorizer,
  cluster: string,
): Promise<User> {
  const name = header('impersonate-user');
  const groups = (header('impersonate-group') ?? '').split(',').flatMap((g) => g.trim() || []);
  const uid = header('impersonate-uid');
  if (name === undefined) {
    if (groups.length || uid) throw badRequest('requested impersonation without impersonating a user');
    return user;
  }
  const attributes = {
    cluster,
    user,
    verb: 'impersonate',
    resource: { group: '', version: '', plural: 'users' },
    name,
    path: '',
  };
  if (!(await authorizer.allows(attributes))) throw forbidden(attributes);
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name);
  const implied = account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : [];
  const found: User = { name, groups: groups.length ? groups : implied, ...(uid && { uid }) };
  return name === 'system:anonymous' ? found : authenticated(found);
}
