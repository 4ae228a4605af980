/** Is what a connection that failed is told by, in the words of Go's network libraries. */
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { table } from '../meta/table.ts';

interface Failure extends NodeJS.ErrnoException {
  address?: string;
  port?: number;
  hostname?: string;
  /** The certificate, when it is not for the host. */
  cert?: PeerCertificate;
}

const untrusted = 'x509: certificate signed by unknown authority';

const certificates: Record<string, string> = table({
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_HAS_EXPIRED: 'x509: certificate has expired or is not yet valid',
  CERT_NOT_YET_VALID: 'x509: certificate has expired or is not yet valid',
});

const connecting: Record<string, string> = table({
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'connect: connection timed out',
});

/** @param serverName whom the certificate had to be for. */
export function inGo(error: Error, serverName: string): string {
  const failure = firstOf(error) as Failure;
  const { code = '', address, port, hostname, cert, message } = failure;
  if (Object.hasOwn(certificates, code)) return `tls: failed to verify certificate: ${certificates[code]}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `tls: failed to verify certificate: ${wrongName(cert, serverName)}`;
  if (Object.hasOwn(connecting, code)) return `dial tcp ${address}:${port}: ${connecting[code]}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${hostname}: no such host`;
  if (code === 'ECONNRESET') return 'EOF';
  if (/wrong version number|http request/i.test(message))
    return 'http: server gave HTTP response to HTTPS client';
  if (code.startsWith('HPE_')) return `net/http: HTTP/1.x transport connection broken: ${message}`;
  return code.startsWith('ERR_SSL_') || code === 'EPROTO' ? `remote error: tls: ${message}` : message;
}

/** Returns the error of the first address when a name with several addresses failed at all of them. */
const firstOf = (error: Error): Error =>
  error instanceof AggregateError ? ((error.errors as Error[])[0] ?? error) : error;

function wrongName(cert: PeerCertificate | undefined, serverName: string): string {
  const names = (cert?.subjectaltname ?? '').split(', ');
  const of = (kind: string) =>
    names.filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length));
  const [hosts, addresses] = [of('DNS:'), of('IP Address:')];
  if (/^[\d.]+$|:/.test(serverName)) {
    if (addresses.length === 0)
      return `x509: cannot validate certificate for ${serverName} because it doesn't contain any IP SANs`;
    return `x509: certificate is valid for ${addresses.join(', ')}, not ${serverName}`;
  }
  if (names.every((name) => name === ''))
    return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  if (hosts.length === 0)
    return `x509: certificate is not valid for any names, but wanted to match ${serverName}`;
  return `x509: certificate is valid for ${hosts.join(', ')}, not ${serverName}`;
}

/** A certificate is for the names it lists: its common name, which Node would take instead, is none. */
export function checkedIdentity(host: string, cert: PeerCertificate): Error | undefined {
  if (cert.subjectaltname) return checkServerIdentity(host, cert);
  return Object.assign(new Error('no names'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID', cert });
}
