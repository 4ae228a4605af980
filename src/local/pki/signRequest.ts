import type { WantedCertificate } from '../../shared/controllers/environment.ts';
import { table } from '../../shared/meta/table.ts';
import type { Pair } from './index.ts';

const hour = 3_600;
/** A year, as kube-controller-manager signs for. Seconds. */
const longest = 365 * 24 * hour;
const shortest = 600;
/** So that a clock a little behind accepts it at once. Seconds. */
const backdated = 300;
/** Certificates for less than this end when they are asked to, though they begin early. Seconds. */
const short = 8 * hour;

/**
 * Signs a PKCS #10 request with the authority's key, for the subject, the names and the uses that it asks for, and for
 * no longer than the authority itself is good. @throws Error once the authority has expired
 */
export async function signRequest(
  authority: Pair,
  { request, usages, expirationSeconds = longest, now }: WantedCertificate,
): Promise<string> {
  const [{ createLeaf, x509 }, { issuerIn }] = await Promise.all([
    import('./make.ts'),
    import('./authority.ts'),
  ]);
  const parsed = new x509.Pkcs10CertificateRequest(request);
  const names = parsed.getExtension('2.5.29.17');
  const flags = usages.reduce((all, usage) => all | bitOf(x509.KeyUsageFlags, usage), 0);
  const extended = [...new Set(usages.flatMap((usage) => extendedUsages[usage] ?? []))];
  const seconds = Math.min(longest, Math.max(shortest, expirationSeconds));
  const end = now + (seconds < short ? seconds : seconds - backdated) * 1000;
  const { notAfter } = issuerIn(authority.certificate);
  if (now >= notAfter.getTime())
    throw new Error(`the signer has expired: NotAfter=${notAfter.toISOString()}`);
  return createLeaf(authority, {
    subject: parsed.subjectName,
    publicKey: parsed.publicKey,
    notBefore: new Date(now - backdated * 1000),
    notAfter: new Date(Math.min(end, notAfter.getTime())),
    extensions: [
      ...(flags ? [new x509.KeyUsagesExtension(flags, true)] : []),
      ...(extended.length ? [new x509.ExtendedKeyUsageExtension(extended)] : []),
      ...(names ? [names] : []),
    ],
  });
}

const bitOf = (flags: Record<string, number | string>, usage: string): number =>
  Number(flags[keyUsages[usage] ?? ''] ?? 0);

const keyUsages: Record<string, string> = table({
  signing: 'digitalSignature',
  'digital signature': 'digitalSignature',
  'content commitment': 'nonRepudiation',
  'key encipherment': 'keyEncipherment',
  'key agreement': 'keyAgreement',
  'data encipherment': 'dataEncipherment',
  'cert sign': 'keyCertSign',
  'crl sign': 'cRLSign',
  'encipher only': 'encipherOnly',
  'decipher only': 'decipherOnly',
});

const extendedUsages: Record<string, string> = table({
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
});
