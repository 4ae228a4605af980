import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

let roots: string | undefined;

/**
 * PEM of the authorities that sign what API Gateway presents. As `ca.crt` they let in-cluster clients verify it; all
 * public authorities together would be too long to stand in every namespace.
 */
export const publicRoots = (): string => {
  roots ??= rootCertificates.filter(isAmazons).join('\n');
  return roots;
};

const isAmazons = (pem: string) =>
  /^O=Amazon$|^CN=Starfield Services Root/m.test(new X509Certificate(pem).subject);
