/**
 * Tokens of a ServiceAccount stand in a vault beside the Secrets of its namespace, under a name that no Secret can
 * have.
 */
export const tokensName = (account: string): string => `${prefix}${account}`;

/** The ServiceAccount whose tokens a vault holds under this name; undefined for a Secret's. */
export const accountIn = (name: string): string | undefined =>
  name.startsWith(prefix) ? name.slice(prefix.length) : undefined;

const prefix = 'serviceaccount/';
