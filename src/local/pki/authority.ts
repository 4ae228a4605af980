import 'reflect-metadata'; // needed by a library under x509
import { createPrivateKey, type KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { table } from '../../shared/meta/table.ts';
import type { Pair } from './index.ts';

/** Returns the first certificate of a PEM, whatever stands before it. @throws Error where there is none */
export function issuerIn(pem: string): x509.X509Certificate {
  const [first] = certificatesIn(pem);
  if (!first) throw new Error('expected 1 certificate, found 0');
  return new x509.X509Certificate(first.rawData);
}

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

/** Looks whether certificates can be signed by it. @throws Error that says why not, in the words of kube-controller-manager */
export async function checkAuthority({ certificate, key }: Pair): Promise<void> {
  const { length } = certificatesIn(certificate);
  if (length !== 1) throw new Error(`expected 1 certificate, found ${length}`);
  if (!new X509Certificate(issuerIn(certificate).toString('pem')).checkPrivateKey(createPrivateKey(key)))
    throw new Error('tls: private key does not match public key');
  await signedWith(key);
}

/**
 * Our own authority has a key on P-256; one that is given may have a key of RSA, of Ed25519 or on another curve.
 * @throws Error for a key of another kind
 */
export async function signedWith(pem: string) {
  const key = createPrivateKey(pem);
  const signingAlgorithm = algorithmOf(key);
  const der = key.export({ format: 'der', type: 'pkcs8' });
  return {
    signingAlgorithm,
    signingKey: await webcrypto.subtle.importKey('pkcs8', der, signingAlgorithm, false, ['sign']),
  };
}

const certificatesIn = (pem: string) =>
  x509.PemConverter.decodeWithHeaders(pem).filter(({ type }) => type === 'CERTIFICATE');

/** How RSA signs here. */
export const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject) {
  if (type === 'rsa') return rsa;
  if (type === 'ed25519') return { name: 'Ed25519' };
  const namedCurve = curves[details?.namedCurve ?? ''];
  if (!namedCurve) throw new Error(`keys of ${details?.namedCurve ?? type} are not supported`);
  return { name: 'ECDSA', namedCurve, hash: 'SHA-256' };
}

const curves: Record<string, string> = table({ prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' });
