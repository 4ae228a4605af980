import 'reflect-metadata'; // needed by a library under x509
import { createPublicKey, type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { authorityKeyOf, issuerIn, rsa, signedWith } from './authority.ts';
import type { Pair } from './index.ts';

type CryptoSetter = (crypto: typeof globalThis.crypto) => void;

const dayMs = 86_400_000;
const caDays = 3650;
const leafDays = 365;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

x509.cryptoProvider.set(webcrypto as unknown as Parameters<CryptoSetter>[0]);

/** A certificate authority that is good for ten years. */
export async function makeAuthority(now: number, name = 'shallop'): Promise<Pair> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...common(now, caDays),
    signingAlgorithm: algorithm,
    name: `CN=${name}`,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exported(keys.privateKey) };
}

/** The server's certificate, good for a year. */
export const makeServer = async (authority: Pair, names: string[], now: number) => ({
  server: await leaf(authority, 'CN=shallop-apiserver', now, await generateKeys(), names),
  expires: now + leafDays * dayMs,
});

/** The administrator's certificate, good for a year. */
export async function makeAdmin(authority: Pair, key: KeyObject, now: number): Promise<Pair> {
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const keys = {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, rsa, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', spki, rsa, true, ['verify']),
  };
  const { certificate } = await leaf(authority, 'O=system:masters, CN=kubernetes-admin', now, keys);
  return { certificate, key: key.export({ format: 'pem', type: 'pkcs1' }).toString() };
}

/**
 * Returns what this server shows to API servers of others, good for a year, with the authority that they know it by.
 */
export async function makeFrontProxy(now: number): Promise<Pair & { ca: string }> {
  const authority = await makeAuthority(now, 'shallop-front-proxy');
  const client = await leaf(authority, 'CN=front-proxy-client', now, await generateKeys());
  return { ...client, ca: authority.certificate };
}

export { x509 };

type Leaf = Pick<
  x509.X509CertificateCreateParams & x509.X509CertificateCreateParamsBase,
  'publicKey' | 'notBefore' | 'notAfter' | 'extensions'
> & { subject: x509.Name };

/** A certificate for a key that only its owner has. */
export async function createLeaf(authority: Pair, { extensions = [], ...wanted }: Leaf): Promise<string> {
  const issuer = issuerIn(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    ...common(0, 0),
    ...wanted,
    issuer: issuer.subject,
    ...(await signedWith(authority.key)),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      await authorityKeyOf(issuer),
      ...extensions,
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

async function leaf(
  authority: Pair,
  subject: string,
  now: number,
  keys: webcrypto.CryptoKeyPair,
  names: string[] = [],
): Promise<Pair> {
  const usage = names.length ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  const issuer = issuerIn(authority.certificate);
  const alternatives = names.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name }) as const);
  const certificate = await x509.X509CertificateGenerator.create({
    ...common(now, leafDays),
    subject,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    ...(await signedWith(authority.key)),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      await authorityKeyOf(issuer),
      ...(names.length ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exported(keys.privateKey) };
}

/** Begins an hour early, so that a clock a little behind accepts it too. */
const common = (now: number, days: number) => ({
  serialNumber: `00${randomBytes(15).toString('hex')}`,
  notBefore: new Date(now - 3_600_000),
  notAfter: new Date(now + days * dayMs),
});

const generateKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function exported(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return x509.PemConverter.encode(der, 'PRIVATE KEY');
}
