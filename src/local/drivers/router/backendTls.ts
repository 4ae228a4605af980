import type { Socket } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls';
import type { BackendTls } from '../../../shared/ports/cloud.ts';

/** A program may take so long to greet, in milliseconds. */
const greetingMs = 10_000;

/**
 * Speaks TLS on a connection to a program.
 *
 * @throws an Error when the program does not show that it is the one that is meant, or speaks another protocol.
 */
export function securedBy(socket: Socket, tls: BackendTls, protocol: 'h2' | 'http/1.1'): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const secured = connect({
    socket,
    servername: tls.hostname,
    ALPNProtocols: [protocol],
    minVersion: 'TLSv1.2',
    ...(tls.authorities && { ca: tls.authorities }),
    checkServerIdentity: (_, certificate) => mismatch(tls, certificate),
  });
  secured.setTimeout(greetingMs, () => secured.destroy(new Error('the program did not greet over TLS')));
  secured.once('secureConnect', () => {
    secured.setTimeout(0);
    resolve(secured);
  });
  secured.on('error', reject);
  secured.once('close', () =>
    reject(Object.assign(new Error('the program closed the connection'), { code: 'ECONNRESET' })),
  );
  return promise;
}

/** Returns why a certificate is not the one of the program that is meant; undefined when it is. */
export function mismatch({ hostname, names }: BackendTls, certificate: PeerCertificate): Error | undefined {
  if (!names?.length) return checkServerIdentity(hostname, certificate);
  const isNamed = names.some(({ type, value }) =>
    type === 'DNS'
      ? checkServerIdentity(value, certificate) === undefined
      : namesIn(certificate).includes(`URI:${value}`),
  );
  return isNamed
    ? undefined
    : new Error('the certificate is made out to none of the names that are asked for');
}

/** Node quotes a name with a comma in it, which thereby equals none. */
const namesIn = ({ subjectaltname = '' }: PeerCertificate): string[] => subjectaltname.split(', ');
