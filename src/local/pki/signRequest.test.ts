import { webcrypto, X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
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

test.each([
  { name: 'RSA', algorithm: rsa },
  { name: 'P-256', algorithm: ec('P-256') },
  { name: 'P-384', algorithm: ec('P-384') },
])('an authority with a key of $name signs, whatever stands before its PEM', async ({ algorithm }) => {
  const authority = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=others',
    keys: authority,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true)],
  });
  const keys = await webcrypto.subtle.generateKey(ec('P-256'), true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=somebody',
    keys,
    signingAlgorithm: ec('P-256'),
  });
  const der = await webcrypto.subtle.exportKey('pkcs8', authority.privateKey);
  const pair = {
    certificate: `# an authority\n${ca.toString('pem')}`,
    key: `# its key\n${x509.PemConverter.encode(der, 'PRIVATE KEY')}`,
  };
  const signed = await signRequest(pair, { request: request.toString('pem'), usages: ['client auth'], now });
  const certificate = new X509Certificate(signed);
  expect(certificate.verify(new X509Certificate(ca.toString('pem')).publicKey)).toBe(true);
  expect(certificate.subject).toBe('CN=somebody');
  expect(certificate.issuer).toBe('CN=others');
});
