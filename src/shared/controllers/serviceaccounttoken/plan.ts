import type { Secret, ServiceAccount } from '../../kinds/schema/types.ts';
import { clusterOf } from '../../meta/tokenCluster.ts';

/** The type of Secrets that hold a token of a service account. */
export const tokenType = 'kubernetes.io/service-account-token';

const [nameAnnotation, uidAnnotation] = [
  'kubernetes.io/service-account.name',
  'kubernetes.io/service-account.uid',
];

/** The account whose token a Secret is to hold; undefined for any other Secret. */
export const accountOf = ({ type, metadata }: Secret): string | undefined =>
  type === tokenType ? metadata.annotations?.[nameAnnotation] : undefined;

/** What is to be done with a Secret; `fill` has all of its data but a token that it lacks. */
export type Plan = 'keep' | 'delete' | { fill: Secret; lacksToken: boolean };

/**
 * Returns what becomes of a Secret that is to hold a token of `account`, which is undefined where there is none: it goes with its
 * account, and has the authorities of the API, its namespace and a token. `cluster`: a token that another logical
 * cluster gave, before a fork, is worth nothing here.
 */
export function planFor(
  secret: Secret,
  account: ServiceAccount | undefined,
  { cluster, clusterCa }: { cluster: string; clusterCa: string },
): Plan {
  const { metadata, data = {} } = secret;
  const { name = '', uid = '' } = account?.metadata ?? {};
  if (metadata.deletionTimestamp) return 'keep';
  if (!account || (metadata.annotations?.[uidAnnotation] ?? uid) !== uid) return 'delete';
  const lacksToken = !data.token || (clusterOf(plain(data.token)) ?? cluster) !== cluster;
  const facts = {
    'ca.crt': clusterCa ? base64(clusterCa) : (data['ca.crt'] ?? ''),
    namespace: data.namespace || base64(metadata.namespace ?? ''),
  };
  if (!lacksToken && data['ca.crt'] === facts['ca.crt'] && data.namespace === facts.namespace) return 'keep';
  // Nobody can fill what may not be changed.
  if (secret.immutable) return 'keep';
  const annotations = { ...metadata.annotations, [nameAnnotation]: name, [uidAnnotation]: uid };
  return {
    fill: { ...secret, metadata: { ...metadata, annotations }, data: { ...data, ...facts } },
    lacksToken,
  };
}

/** Returns a text as the data of a Secret have it. */
export const base64 = (text: string): string => Buffer.from(text).toString('base64');
const plain = (text: string): string => Buffer.from(text, 'base64').toString();
