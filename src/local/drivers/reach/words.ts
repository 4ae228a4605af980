import { table } from '../../../shared/meta/table.ts';

const afterDial: Record<string, string> = table({
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'i/o timeout',
});

/** Returns what Go says of an error of a connection: clients and their users know those words. */
export function inGo(error: Error, address: string, port: number): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const dialling = afterDial[code];
  if (dialling) return `dial tcp ${place}: ${dialling}`;
  if (code === 'ECONNRESET') return /hang up/.test(error.message) ? 'EOF' : 'read: connection reset by peer';
  if (code === 'EPROTO') return 'http: server gave HTTP response to HTTPS client';
  if (code.startsWith('HPE_')) return `net/http: HTTP/1.x transport connection broken: ${error.message}`;
  if (error.name === 'AbortError') return 'context canceled';
  return error.message;
}
