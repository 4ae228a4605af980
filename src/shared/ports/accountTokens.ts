/**
 * The boot token of a ServiceAccount stands in a vault beside the Secrets of its namespace, under a name that no Secret
 * can have.
 */
export const tokensName = (account: string): string => `${prefix}${account}`;

/** The ServiceAccount whose boot token a vault holds under this name; undefined for a Secret's. */
export const accountIn = (name: string): string | undefined =>
  name.startsWith(prefix) ? name.slice(prefix.length) : undefined;

const prefix = 'serviceaccount/';

/**
 * The audience of boot tokens. The API takes one for a single request: for a token of its ServiceAccount that is bound to a
 * Pod which runs as that account.
 */
export const bootAudience = 'https://shallop.dev/boot';
