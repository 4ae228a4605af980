import { withoutToken } from '../../../auth/websocketToken.ts';
import { hopByHop } from '../../../meta/hopByHop.ts';
import type { HeaderLines } from '../../../ports/reach.ts';
import type { ApiRequest } from '../../http/message.ts';

/** The client's credentials and whom it acts as are for this server alone. */
const isForUs = (name: string) =>
  name === 'authorization' || name === 'expect' || name === 'host' || name.startsWith('impersonate-');

const crossOrigin = [
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
];

/** Returns whether the client wants another protocol on this connection. */
export const wantsUpgrade = (request: ApiRequest): boolean =>
  request.header('upgrade') !== undefined && tokens(request.header('connection')).includes('upgrade');

/** The host that the client asked for: HTTP/2 has a pseudo-header for it. */
export const hostOf = (request: ApiRequest): string =>
  request.header('host') ?? request.header(':authority') ?? '';

/** The headers for the program behind the proxy. */
export function forwardedHeaders(request: ApiRequest, uri: string): HeaderLines {
  const dropped = new Set([...hopByHop, ...tokens(request.header('connection'))]);
  const kept = request
    .headersBeginning('')
    .filter(([name]) => !name.startsWith(':') && !dropped.has(name) && !isForUs(name))
    .filter(([name]) => name !== 'x-forwarded-for' && name !== 'x-forwarded-uri')
    .map(([name, value]): readonly [string, string] =>
      name === 'sec-websocket-protocol' ? [name, withoutToken(value)] : [name, value],
    )
    .filter(([, value]) => value !== '');
  const upgrade = wantsUpgrade(request)
    ? ([
        ['connection', 'Upgrade'],
        ['upgrade', request.header('upgrade')!],
      ] as const)
    : [];
  const before = request.header('x-forwarded-for');
  const from = before ? `${before}, ${request.peer.address}` : request.peer.address;
  return [
    ['host', hostOf(request)],
    ...kept,
    ...upgrade,
    ...(hasUncountedBody(request) ? ([['transfer-encoding', 'chunked']] as const) : []),
    ['x-forwarded-for', from],
    ['x-forwarded-uri', uri],
  ];
}

/** Returns whether a request has a body. Of HTTP/2 only its end tells, so that what may have one is taken to. */
export const hasBody = (request: ApiRequest): boolean =>
  Number(request.header('content-length') ?? 0) > 0 || hasUncountedBody(request);

const hasUncountedBody = (request: ApiRequest): boolean =>
  request.header('content-length') === undefined &&
  (request.header('transfer-encoding') !== undefined ||
    (request.header(':method') !== undefined && ['POST', 'PUT', 'PATCH'].includes(request.method)));

/** The headers of the program's answer for the client. */
export function answeredHeaders(
  lines: HeaderLines,
  keepsUpgrade: boolean,
): Record<string, string | string[]> {
  const connection = lines.filter(([name]) => name === 'connection').flatMap(([, value]) => tokens(value));
  const dropped = new Set([...(keepsUpgrade ? [] : [...hopByHop, ...connection]), ...crossOrigin]);
  const headers: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of lines) {
    if (dropped.has(name)) continue;
    const known = headers[name];
    headers[name] = known === undefined ? value : [known, value].flat();
  }
  return headers;
}

const tokens = (value = ''): string[] =>
  value
    .toLowerCase()
    .split(',')
    .map((token) => token.trim())
    .filter(Boolean);
