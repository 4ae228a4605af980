import { webcrypto, X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { WantedCertificate } from '../../shared/controllers/environment.ts';
import type { Pair } from './index.ts';
import { x509 } from './make.ts';
import { signRequest } from './signRequest.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const ec = (namedCurve: string) => ({ name: 'ECDSA', namedCurve, hash: 'SHA-256' });
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

const day = 86_400_000;

async function makeRequest(): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ec('P-256'), true, ['sign', 'verify']);
  const signingAlgorithm = ec('P-256');
  const made = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=somebody',
    keys,
    signingAlgorithm,
  });
  return made.toString('pem');
}

/** An authority that others have made. */
async function makeOthers(
  algorithm: webcrypto.Algorithm,
  { notAfter, keyId }: { notAfter?: number; keyId?: string } = {},
) {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=others',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(now - 365 * day),
    notAfter: new Date(notAfter ?? now + 3650 * day),
    extensions: [
      new x509.BasicConstraintsExtension(true),
      ...(keyId ? [new x509.SubjectKeyIdentifierExtension(keyId)] : []),
    ],
  });
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certificate: certificate.toString('pem'), key: x509.PemConverter.encode(der, 'PRIVATE KEY') };
}

const sign = async (authority: Pair, wanted: Partial<WantedCertificate> = {}) =>
  signRequest(authority, { request: await makeRequest(), usages: ['client auth'], now, ...wanted });

test.each([
  { name: 'RSA', algorithm: rsa },
  { name: 'P-256', algorithm: ec('P-256') },
  { name: 'P-384', algorithm: ec('P-384') },
  { name: 'Ed25519', algorithm: { name: 'Ed25519' } },
])('an authority with a key of $name signs, whatever stands before its PEM', async ({ algorithm }) => {
  const others = await makeOthers(algorithm);
  const pair = {
    certificate: `# an authority\n${others.key}\n${others.certificate}`,
    key: `# its key\n${others.key}`,
  };
  const certificate = new X509Certificate(await sign(pair));
  expect(certificate.verify(new X509Certificate(others.certificate).publicKey)).toBe(true);
  expect(certificate.subject).toBe('CN=somebody');
  expect(certificate.issuer).toBe('CN=others');
});

test('a certificate names the key of its issuer as the issuer does, which OpenSSL asks for', async () => {
  const others = await makeOthers(ec('P-256'), { keyId: '01020304' });
  const signed = await sign(others);
  const named = new x509.X509Certificate(signed).getExtension(x509.AuthorityKeyIdentifierExtension);
  expect(named?.keyId).toBe('01020304');
  // Looks at the names of both and not at the signature.
  expect(new X509Certificate(signed).checkIssued(new X509Certificate(others.certificate))).toBe(true);
});

test.each([
  { why: 'a year, begun early', left: 3650 * day, seconds: undefined, ends: 365 * day - 300_000 },
  { why: 'what a short one asks for', left: 3650 * day, seconds: 3_600, ends: 3_600_000 },
  { why: 'as long as its authority', left: day, seconds: undefined, ends: day },
])('a certificate is good for $why', async ({ left, seconds, ends }) => {
  const others = await makeOthers(ec('P-256'), { notAfter: now + left });
  const signed = await sign(others, { ...(seconds && { expirationSeconds: seconds }) });
  expect(Date.parse(new X509Certificate(signed).validTo) - now).toBe(ends);
});

test('an authority that has expired signs nothing', async () => {
  const others = await makeOthers(ec('P-256'), { notAfter: now });
  await expect(sign(others)).rejects.toThrow('the signer has expired: NotAfter=2026-01-01T00:00:00.000Z');
});

test('every use that is asked for is written, once', async () => {
  const usages = ['cert sign', 'crl sign', 's/mime', 'email protection', 'microsoft sgc', 'netscape sgc'];
  const signed = new x509.X509Certificate(await sign(await makeOthers(ec('P-256')), { usages }));
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  expect(signed.getExtension(x509.KeyUsagesExtension)?.usages).toBe(keyCertSign | cRLSign);
  expect(signed.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([
    '1.3.6.1.5.5.7.3.4',
    '1.3.6.1.4.1.311.10.3.3',
    '2.16.840.1.113730.4.1',
  ]);
});
