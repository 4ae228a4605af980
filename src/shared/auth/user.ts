/** Describes who a request acts as. */
export interface User {
  name: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
  /** The audiences that the token was meant for; absent: the API. */
  audiences?: string[];
  /** The Secret that the token is bound to or, without a uid, that holds it. Only for who judges the token. */
  secret?: { name: string; uid?: string };
}

/** Every known user is in this group. */
export const authenticatedGroup = 'system:authenticated';
export const unauthenticatedGroup = 'system:unauthenticated';
/** May do everything, whatever the rules say. */
export const masters = 'system:masters';

export const anonymous: User = { name: 'system:anonymous', groups: [unauthenticatedGroup] };

/** Returns the groups of a namespace's service accounts. */
export const accountGroups = (namespace: string): string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

/** The user with the group that every known user is in. */
export const authenticated = (user: User): User =>
  user.groups.includes(authenticatedGroup) ? user : { ...user, groups: [...user.groups, authenticatedGroup] };

/** Key in a user's extra: which credential it showed, as a real server names it (`JTI=…`, `X509SHA256=…`). */
export const credentialId = 'authentication.kubernetes.io/credential-id';

const nodePrefix = 'system:node:';

/** The node that a user is; empty for a user of the group of nodes whose name ends there; undefined for others. */
export function nodeOf({ name, groups }: User): string | undefined {
  if (!name.startsWith(nodePrefix) || !groups.includes('system:nodes')) return undefined;
  return name.slice(nodePrefix.length);
}
