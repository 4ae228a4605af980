import { badRequest } from '../errors/common.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../meta/names.ts';
import type { Soon } from '../meta/soon.ts';
import { type Attributes, type Authorizer, checkAllowed } from './authorize.ts';
import { anonymous, authenticatedGroup, type User, unauthenticatedGroup } from './user.ts';

/** Headers that begin so, as ApiRequest has them. */
export type HeadersBeginning = (prefix: string) => readonly (readonly [name: string, value: string])[];

const prefix = 'impersonate-';
const extraPrefix = `${prefix}extra-`;
const authentication = 'authentication.k8s.io';

/**
 * The user a request asks to act as (`kubectl --as`), or the user itself. Each part of another one, name, groups, uid
 * and extras, is a right of its own. Throws Forbidden, BadRequest.
 */
export function impersonated(
  user: User,
  headers: HeadersBeginning,
  authorizer: Authorizer,
  cluster: string,
): Soon<User> {
  const lines = headers(prefix);
  return lines.length ? actingAs(user, lines, authorizer, cluster) : user;
}

async function actingAs(
  user: User,
  lines: ReturnType<HeadersBeginning>,
  authorizer: Authorizer,
  cluster: string,
): Promise<User> {
  const wanted = wantedFrom(lines);
  if (!wanted.name) {
    const refused = [...wanted.groups.map(groupText), ...wanted.extra.map(extraText), ...uidText(wanted.uid)];
    if (refused.length) throw badRequest(`requested [${refused.join(' ')}] without impersonating a user`);
    return user;
  }
  const account = accountOf(wanted.name);
  for (const part of partsOf(wanted, account))
    await checkAllowed(authorizer, { cluster, user, verb: 'impersonate', path: '', ...part });
  return userOf(wanted, account);
}

interface Wanted {
  name: string;
  groups: string[];
  uid: string;
  extra: [key: string, value: string][];
}

function wantedFrom(lines: ReturnType<HeadersBeginning>): Wanted {
  const values = (name: string) => lines.flatMap(([each, value]) => (each === prefix + name ? [value] : []));
  return {
    name: values('user')[0] ?? '',
    groups: values('group'),
    uid: values('uid')[0] ?? '',
    extra: lines.flatMap(([name, value]): [string, string][] =>
      name.startsWith(extraPrefix) ? [[unescaped(name.slice(extraPrefix.length)), value]] : [],
    ),
  };
}

/** Keys are percent-encoded, since a header's name takes no slash. What is encoded wrongly counts as it stands. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

interface Account {
  namespace: string;
  name: string;
}

/** Returns whether a user's name is that of a service account. */
function accountOf(user: string): Account | undefined {
  const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]*):([^:]*)$/.exec(user) ?? [];
  const isName = !dns1123LabelProblems(namespace).length && !dns1123SubdomainProblems(name).length;
  return isName ? { namespace, name } : undefined;
}

type Part = Pick<Attributes, 'resource' | 'namespace' | 'name'>;

function partsOf({ name, groups, extra, uid }: Wanted, account: Account | undefined): Part[] {
  const core = (plural: string) => ({ group: '', version: '', plural });
  const other = (plural: string) => ({ group: authentication, version: 'v1', plural });
  return [
    account ? { resource: core('serviceaccounts'), ...account } : { resource: core('users'), name },
    ...groups.map((group) => ({ resource: core('groups'), name: group })),
    ...extra.map(([key, value]) => ({
      resource: { ...other('userextras'), subresource: key },
      name: value,
    })),
    ...(uid ? [{ resource: other('uids'), name: uid }] : []),
  ];
}

function userOf({ name, groups, extra, uid }: Wanted, account: Account | undefined): User {
  const implied = account ? ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`] : [];
  const all = groups.length ? [...groups] : implied;
  if (name === anonymous.name) {
    if (!all.includes(unauthenticatedGroup)) all.push(unauthenticatedGroup);
  } else if (!all.includes(authenticatedGroup) && !all.includes(unauthenticatedGroup))
    all.push(authenticatedGroup);
  const byKey = new Map<string, string[]>();
  for (const [key, value] of extra) byKey.set(key, [...(byKey.get(key) ?? []), value]);
  return {
    name,
    groups: all,
    ...(uid && { uid }),
    ...(byKey.size && { extra: Object.fromEntries(byKey) }),
  };
}

/** As a real server prints what it was asked for: the fields of an object reference, most of them empty. */
const reference = (kind: string, name: string, version = '', field = '') =>
  `{${[kind, '', name, '', version, '', field].join(' ')}}`;
const groupText = (group: string) => reference('Group', group);
const extraText = ([key, value]: [string, string]) =>
  reference('UserExtra', value, `${authentication}/v1`, key);
const uidText = (uid: string) => (uid ? [reference('UID', uid, `${authentication}/v1`)] : []);
