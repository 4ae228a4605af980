/**
 * Returns the name under which a vault keeps the boot token of a ServiceAccount, beside the Secrets of its namespace. No
 * Secret can have this name.
 */
export const tokensName = (account: string): string => `${prefix}${account}`;

/** Returns the ServiceAccount whose boot token a vault keeps under this name; undefined for the name of a Secret. */
export const accountIn = (name: string): string | undefined =>
  name.startsWith(prefix) ? name.slice(prefix.length) : undefined;

const prefix = 'serviceaccount/';

/**
 * The audience of boot tokens. The API accepts such a token for one request only: for a token of its ServiceAccount that is
 * bound to a Pod which runs as that account.
 */
export const bootAudience = 'https://shallop.dev/boot';
