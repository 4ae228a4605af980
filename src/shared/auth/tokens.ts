import { verify } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import { clusterOfHeld, type HeldClaims, heldClaims, isHeld, userOfHeld } from './heldTokens.ts';
import { type Jwk, type TokenKey, tokenKeyOf } from './tokenKeys.ts';
import { accountGroups, credentialId, type User } from './user.ts';

/** Makes and checks service-account tokens: JWTs signed with ES256 or RS256. */
export interface TokenIssuer {
  /** Is what its tokens say issued them, and their audience where nobody asks for another. */
  readonly name: string;
  issue(claims: TokenRequest): string;
  /**
   * The account a token speaks for in that logical cluster and before that audience (the API's own); undefined when it
   * is none of ours, altered or expired.
   */
  verify(token: string, cluster: string, audience?: string): User | undefined;
  /** Returns what others need in order to check tokens. */
  publicKeys(): Jwk[];
}

export interface TokenRequest {
  /** Logical cluster: a token of one is worth nothing in another. */
  cluster: string;
  namespace: string;
  serviceAccount: { name: string; uid: string };
  pod?: { name: string; uid: string };
  /** The node that the Pod is on, without a uid when it is not there; or, without a Pod, the one it is bound to. */
  node?: { name: string; uid?: string };
  /** The Secret that it is bound to. */
  secret?: { name: string; uid: string };
  /** Name of the Secret that holds it: it is for the API alone then, and good as long as it stands there. */
  heldBy?: string;
  audience?: string;
  /** Several of them; goes before `audience`. */
  audiences?: string[];
  /** Seconds. */
  expirationSeconds: number;
}

interface Claims {
  aud: string[];
  exp: number;
  nbf: number;
  sub: string;
  /** Absent from tokens of older versions. */
  jti?: string;
  'kubernetes.io': {
    cluster: string;
    namespace: string;
    serviceaccount: { name: string; uid: string };
    pod?: { name: string; uid: string };
    node?: { name: string; uid?: string };
    secret?: { name: string; uid: string };
  };
}

export const defaultAudience = 'https://kubernetes.default.svc.cluster.local';

/**
 * `pems` are private keys: tokens are signed with the first, and good when any of them signed. A new key comes to the
 * front, the old one stays behind it for as long as its tokens live.
 */
export function tokenIssuer(
  pems: readonly string[],
  clock: Clock,
  ids: Ids,
  name = defaultAudience,
): TokenIssuer {
  const keys = pems.map(tokenKeyOf);
  const [newest] = keys;
  if (!newest) throw new Error('no key to sign tokens with');
  return {
    name,
    issue: ({ heldBy, ...request }) =>
      newest.sign(
        heldBy === undefined
          ? claimsOf(name, request, Math.floor(clock.now() / 1000), ids.uid())
          : heldClaims({ ...request, heldBy }),
      ),
    verify: (token, cluster, audience = name) => {
      const claims = opened(keys, token);
      if (isHeld(claims))
        return audience === name && clusterOfHeld(claims) === cluster ? userOfHeld(claims) : undefined;
      const now = clock.now() / 1000;
      const isCurrent = claims && claims.exp > now && claims.nbf <= now + 60;
      const isForHere = claims?.['kubernetes.io'].cluster === cluster && claims.aud.includes(audience);
      return isCurrent && isForHere ? userOf(claims) : undefined;
    },
    publicKeys: () => keys.map(({ jwk }) => jwk),
  };
}

/** The id of the key that a token says signed it; undefined where it says none, and for what is no token. */
export function keyIdOf(token: string): string | undefined {
  try {
    const { kid } = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString());
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}

const claimsOf = (issuer: string, request: TokenRequest, now: number, id: string) => ({
  aud: request.audiences ?? [request.audience ?? issuer],
  exp: now + request.expirationSeconds,
  iat: now,
  iss: issuer,
  jti: id,
  nbf: now,
  sub: `system:serviceaccount:${request.namespace}:${request.serviceAccount.name}`,
  'kubernetes.io': {
    cluster: request.cluster,
    namespace: request.namespace,
    serviceaccount: request.serviceAccount,
    ...(request.pod && { pod: request.pod }),
    ...(request.node && { node: request.node }),
    ...(request.secret && { secret: request.secret }),
  },
});

function opened(keys: readonly TokenKey[], token: string): Claims | HeldClaims | undefined {
  const [head = '', body, signature, ...rest] = token.split('.');
  if (!body || !signature || rest.length) return undefined;
  const text = Buffer.from(`${head}.${body}`);
  const bytes = Buffer.from(signature, 'base64url');
  const isOurs = keys.some(
    ({ publicKey, headers }) =>
      headers.includes(head) && verify('sha256', text, { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes),
  );
  return isOurs ? (JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims | HeldClaims) : undefined;
}

const userOf = (claims: Claims): User => {
  const { namespace, serviceaccount, pod, node, secret, cluster } = claims['kubernetes.io'];
  return {
    name: claims.sub,
    uid: serviceaccount.uid,
    groups: accountGroups(namespace),
    audiences: claims.aud,
    extra: {
      ...(claims.jti && { [credentialId]: [`JTI=${claims.jti}`] }),
      ...(pod && {
        'authentication.kubernetes.io/pod-name': [pod.name],
        'authentication.kubernetes.io/pod-uid': [pod.uid],
      }),
      ...(node && { 'authentication.kubernetes.io/node-name': [node.name] }),
      ...(node?.uid && { 'authentication.kubernetes.io/node-uid': [node.uid] }),
      'shallop.dev/cluster': [cluster],
    },
    ...(secret && { secret }),
  };
};
