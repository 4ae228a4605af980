import type { Clock } from '../clock/clock.ts';
import type { KubeObject } from '../meta/object.ts';
import type { TokenIssuer } from './tokens.ts';

/** Describes the token that is wanted for a ServiceAccount. */
export interface WantedToken {
  cluster: string;
  serviceAccount: KubeObject;
  audiences?: string[];
  /** A duration. */
  expirationSeconds: number;
  boundTo?: { kind: string; apiVersion: string; name: string; uid: string };
  /** The node of the Pod that it is bound to. */
  node?: { name: string; uid?: string };
}

/**
 * Returns what `kubectl create token` asks: a token of an account, perhaps bound to a Pod, a node or a Secret.
 */
export const tokenRequests =
  (issuer: TokenIssuer, clock: Clock) =>
  async ({ cluster, serviceAccount, audiences, expirationSeconds, boundTo, node }: WantedToken) => {
    const { namespace = '', name = '', uid = '' } = serviceAccount.metadata;
    const aud = audiences ?? [issuer.name];
    const token = issuer.issue({
      cluster,
      namespace,
      serviceAccount: { name, uid },
      ...(boundTo?.kind === 'Pod' && {
        pod: { name: boundTo.name, uid: boundTo.uid },
        ...(node && { node }),
      }),
      ...(boundTo?.kind === 'Secret' && { secret: { name: boundTo.name, uid: boundTo.uid } }),
      ...(boundTo?.kind === 'Node' && { node: { name: boundTo.name, uid: boundTo.uid } }),
      audiences: aud,
      expirationSeconds,
    });
    return { token, audiences: aud, expiresAt: clock.now() + expirationSeconds * 1000 };
  };
