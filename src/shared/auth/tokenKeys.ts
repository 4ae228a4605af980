import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';

/** A public key as JWKS lists it. */
export type Jwk = { use: 'sig'; kid: string } & (
  | { kty: 'EC'; crv: 'P-256'; alg: 'ES256'; x: string; y: string }
  | { kty: 'RSA'; alg: 'RS256'; n: string; e: string }
);

/** A key that signs tokens. */
export interface TokenKey {
  publicKey: KeyObject;
  jwk: Jwk;
  /** Encoded headers of tokens it may have signed: with its id, or without one, as versions before wrote them. */
  headers: readonly string[];
  sign(claims: object): string;
}

/** How many keys are good at the same time: tokens live longer than a year only where somebody asked for that. */
export const mostTokenKeys = 3;

/** Makes a key on P-256, in PEM. */
export const makeTokenKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

/** A key in PEM, on P-256 or RSA. @throws Error for any other */
export function tokenKeyOf(pem: string): TokenKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const jwk = jwkOf(publicKey);
  const header = encode({ alg: jwk.alg, kid: jwk.kid });
  return {
    publicKey,
    jwk,
    headers: [header, encode({ alg: jwk.alg, typ: 'JWT' })],
    sign: (claims) => {
      const text = `${header}.${encode(claims)}`;
      const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${text}.${signature.toString('base64url')}`;
    },
  };
}

function jwkOf(key: KeyObject): Jwk {
  const { kty, crv, x = '', y = '', n = '', e = '' } = key.export({ format: 'jwk' });
  const common = { use: 'sig', kid: idOf(key) } as const;
  if (kty === 'EC' && crv === 'P-256') return { ...common, kty, crv, alg: 'ES256', x, y };
  if (kty === 'RSA') return { ...common, kty, alg: 'RS256', n, e };
  throw new Error(`tokens are signed with keys on P-256 or of RSA, not with ${crv ?? kty}`);
}

/** As a real server derives it: from the key itself. */
const idOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url');

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
