import type { IncomingMessage } from 'node:http';
import { hopByHop } from '../../../shared/meta/hopByHop.ts';

/** Is what tells a program who asked, and how: only what this router saw counts. */
const ours = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip'];
const dropped = new Set([...hopByHop, ...ours, 'expect', 'forwarded']);

/** The headers of a request for the program behind, as pairs in a row. */
export function towardsProgram(request: IncomingMessage, isSecure: boolean, upgrades: boolean): string[] {
  const client = request.socket.remoteAddress ?? '';
  const { host = '', upgrade = '', 'transfer-encoding': encoding } = request.headers;
  return [
    ...kept(request, dropped),
    ...(upgrades ? ['connection', 'Upgrade', 'upgrade', upgrade] : ['connection', 'close']),
    ...(encoding && !upgrades ? ['transfer-encoding', 'chunked'] : []),
    ...['x-forwarded-for', client, 'x-real-ip', client],
    ...['x-forwarded-host', host, 'x-forwarded-proto', isSecure ? 'https' : 'http'],
    ...['x-forwarded-port', String(request.socket.localPort ?? '')],
  ];
}

/** The headers of an answer for the client. */
export const towardsClient = (answer: IncomingMessage): string[] => kept(answer, new Set(hopByHop));

/** Headers without those that the message says are about its connection. */
function kept({ rawHeaders, headers }: IncomingMessage, without: ReadonlySet<string>): string[] {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  const lines: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!without.has(name) && !named.has(name)) lines.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  return lines;
}
