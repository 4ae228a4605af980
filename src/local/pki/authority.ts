import 'reflect-metadata'; // needed by a library under x509
import { createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { table } from '../../shared/meta/table.ts';

/** Returns the first certificate of a PEM, whatever text stands before it. */
export const issuerIn = (pem: string): x509.X509Certificate =>
  new x509.X509Certificate(x509.PemConverter.decodeFirst(pem));

/**
 * Names the issuer's key as the issuer's certificate itself does, since OpenSSL looks for the issuer by that name; it
 * is reckoned from the key only where the certificate has none.
 */
export async function authorityKeyOf(issuer: x509.X509Certificate): Promise<x509.Extension> {
  const own = issuer.getExtension(x509.SubjectKeyIdentifierExtension);
  return own
    ? new x509.AuthorityKeyIdentifierExtension(own.keyId)
    : x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey);
}

/** Our own authority has a key on P-256; one that is given may have a key of RSA or on another curve. */
export async function signedWith(pem: string) {
  const key = createPrivateKey(pem);
  const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  const signingAlgorithm =
    key.asymmetricKeyType === 'rsa' ? rsa : { name: 'ECDSA', namedCurve, hash: 'SHA-256' };
  const der = key.export({ format: 'der', type: 'pkcs8' });
  return {
    signingAlgorithm,
    signingKey: await webcrypto.subtle.importKey('pkcs8', der, signingAlgorithm, false, ['sign']),
  };
}

/** How RSA signs here. */
export const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

const curves: Record<string, string> = table({ prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' });
