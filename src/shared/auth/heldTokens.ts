import { clusterClaim } from '../meta/tokenCluster.ts';
import { accountGroups, type User } from './user.ts';

const [ofNamespace, ofSecret, ofAccount, ofUid] = [
  'kubernetes.io/serviceaccount/namespace',
  'kubernetes.io/serviceaccount/secret.name',
  'kubernetes.io/serviceaccount/service-account.name',
  'kubernetes.io/serviceaccount/service-account.uid',
] as const;
const issuer = 'kubernetes/serviceaccount';

/**
 * Is what a token says that a Secret of the type `kubernetes.io/service-account-token` holds: what a real server's does, and
 * its logical cluster. It has no end and no audience.
 */
export interface HeldClaims {
  iss: typeof issuer;
  sub: string;
  [ofNamespace]: string;
  [ofSecret]: string;
  [ofAccount]: string;
  [ofUid]: string;
  [clusterClaim]: string;
}

/** Whose token it is, and which Secret holds it. */
export interface Held {
  cluster: string;
  namespace: string;
  serviceAccount: { name: string; uid: string };
  heldBy: string;
}

/** Returns the claims of the account's token in that Secret. */
export const heldClaims = ({ cluster, namespace, serviceAccount, heldBy }: Held): HeldClaims => ({
  iss: issuer,
  [ofNamespace]: namespace,
  [ofSecret]: heldBy,
  [ofAccount]: serviceAccount.name,
  [ofUid]: serviceAccount.uid,
  sub: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
  [clusterClaim]: cluster,
});

/** Returns whether these are the claims of a token that a Secret holds. */
export const isHeld = (claims: object | undefined): claims is HeldClaims =>
  claims !== undefined && Object.hasOwn(claims, ofSecret) && (claims as HeldClaims).iss === issuer;

/** Returns the logical cluster that a token in a Secret is for. */
export const clusterOfHeld = (claims: HeldClaims): string => claims[clusterClaim];

/** Returns the account that a token in a Secret speaks for. */
export const userOfHeld = (claims: HeldClaims): User => ({
  name: claims.sub,
  uid: claims[ofUid],
  groups: accountGroups(claims[ofNamespace]),
  extra: { [clusterClaim]: [claims[clusterClaim]] },
  secret: { name: claims[ofSecret] },
});
