import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';

/** A public key as JWKS lists it. */
export interface Jwk {
  use: 'sig';
  kty: 'EC';
  kid: string;
  crv: 'P-256';
  alg: 'ES256';
  x: string;
  y: string;
}

/** A key that signs tokens. */
export interface TokenKey {
  publicKey: KeyObject;
  jwk: Jwk;
  /** Encoded headers of tokens it may have signed: with its id, or without one, as versions before wrote them. */
  headers: readonly string[];
  sign(claims: object): string;
}

export const makeTokenKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

export function tokenKeyOf(pem: string): TokenKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const kid = idOf(publicKey);
  const header = encode({ alg: 'ES256', kid });
  return {
    publicKey,
    jwk: { use: 'sig', kty: 'EC', kid, crv: 'P-256', alg: 'ES256', x, y },
    headers: [header, encode({ alg: 'ES256', typ: 'JWT' })],
    sign: (claims) => {
      const text = `${header}.${encode(claims)}`;
      const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${text}.${signature.toString('base64url')}`;
    },
  };
}

/** As a real server derives it: from the key itself. */
const idOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url');

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
