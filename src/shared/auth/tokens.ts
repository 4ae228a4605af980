import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { User } from './user.ts';

/** Makes and checks service-account tokens: JWTs signed with ES256. */
export interface TokenIssuer {
  issue(claims: TokenRequest): string;
  /**
   * The account a token speaks for in that logical cluster and before that audience (the API's own); undefined when it
   * is none of ours, altered or expired.
   */
  verify(token: string, cluster: string, audience?: string): User | undefined;
}

export interface TokenRequest {
  /** Logical cluster: a token of one is worth nothing in another. */
  cluster: string;
  namespace: string;
  serviceAccount: { name: string; uid: string };
  pod?: { name: string; uid: string };
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
  'kubernetes.io': {
    cluster: string;
    namespace: string;
    serviceaccount: { name: string; uid: string };
    pod?: { name: string; uid: string };
  };
}

export const defaultAudience = 'https://kubernetes.default.svc.cluster.local';
const header = encode({ alg: 'ES256', typ: 'JWT' });

/** `privateKeyPem` is a P-256 key in PKCS #8. */
export function tokenIssuer(privateKeyPem: string, clock: Clock): TokenIssuer {
  const key = createPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(key);
  return {
    issue: (request) => signed(key, claimsOf(request, Math.floor(clock.now() / 1000))),
    verify: (token, cluster, audience = defaultAudience) => {
      const claims = opened(publicKey, token);
      const now = clock.now() / 1000;
      const isCurrent = claims && claims.exp > now && claims.nbf <= now + 60;
      const isForHere = claims?.['kubernetes.io'].cluster === cluster && claims.aud.includes(audience);
      return isCurrent && isForHere ? userOf(claims) : undefined;
    },
  };
}

const claimsOf = (request: TokenRequest, now: number) => ({
  aud: request.audiences ?? [request.audience ?? defaultAudience],
  exp: now + request.expirationSeconds,
  iat: now,
  iss: defaultAudience,
  nbf: now,
  sub: `system:serviceaccount:${request.namespace}:${request.serviceAccount.name}`,
  'kubernetes.io': {
    cluster: request.cluster,
    namespace: request.namespace,
    serviceaccount: request.serviceAccount,
    ...(request.pod && { pod: request.pod }),
  },
});

const dsa = (key: KeyObject) => ({ key, dsaEncoding: 'ieee-p1363' as const });

function signed(key: KeyObject, claims: object): string {
  const text = `${header}.${encode(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), dsa(key)).toString('base64url')}`;
}

function opened(key: KeyObject, token: string): Claims | undefined {
  const [head, body, signature, ...rest] = token.split('.');
  if (head !== header || !body || !signature || rest.length) return undefined;
  const valid = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    dsa(key),
    Buffer.from(signature, 'base64url'),
  );
  return valid ? (JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims) : undefined;
}

const userOf = (claims: Claims): User => {
  const { namespace, serviceaccount, pod, cluster } = claims['kubernetes.io'];
  return {
    name: claims.sub,
    uid: serviceaccount.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    audiences: claims.aud,
    extra: {
      'shallop.dev/cluster': [cluster],
      ...(pod && {
        'authentication.kubernetes.io/pod-name': [pod.name],
        'authentication.kubernetes.io/pod-uid': [pod.uid],
      }),
    },
  };
};

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
