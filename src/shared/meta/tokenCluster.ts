/** The claim of a token in a Secret that says its logical cluster; in other tokens it is a field of `kubernetes.io`. */
export const clusterClaim = 'shallop.dev/cluster';

/** The logical cluster that a token says it is for, unchecked; undefined where it says none, and for what is no token. */
export function clusterOf(token: string): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.', 2)[1] ?? '', 'base64url').toString());
    const cluster = claims[clusterClaim] ?? claims['kubernetes.io']?.cluster;
    return typeof cluster === 'string' ? cluster : undefined;
  } catch {
    return undefined;
  }
}
