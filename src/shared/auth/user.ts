/** Who a request acts as. */
export interface User {
  name: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
  /** Whom the token was meant for; absent: the API. */
  audiences?: string[];
}

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** The user with the group that every known user is in. */
export const authenticated = (user: User): User =>
  user.groups.includes('system:authenticated')
    ? user
    : { ...user, groups: [...user.groups, 'system:authenticated'] };

export const masters = 'system:masters';
