/** Browsers cannot set headers of a WebSocket: they put their token among the protocols that they offer. */
const prefix = 'base64url.bearer.authorization.k8s.io.';

/** Stands for a token that cannot be read. */
export const unreadable = Symbol('unreadable');

/**
 * The token among the protocols of a WebSocket; undefined when there is none, or this is no WebSocket. As in a real server another
 * protocol has to be offered beside it, which the server then can choose.
 */
export function websocketToken(
  header: (name: string) => string | undefined,
): string | typeof unreadable | undefined {
  const isWebSocket =
    /(^|,)\s*upgrade\s*(,|$)/i.test(header('connection') ?? '') &&
    header('upgrade')?.toLowerCase() === 'websocket';
  if (!isWebSocket) return undefined;
  const offered = (header('sec-websocket-protocol') ?? '').split(',').map((each) => each.trim());
  const encoded = offered.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
  if (!encoded.length) return undefined;
  if (encoded.length > 1 || encoded.length === offered.length) return unreadable;
  return decoded(encoded[0]!);
}

/** The protocols that a WebSocket is offered, without what is a token: nobody else is told of that. */
export const withoutToken = (protocols: string): string =>
  protocols
    .split(/\s*,\s*/)
    .filter((each) => !each.startsWith(prefix))
    .join(', ');

/** An empty token is none. */
function decoded(text: string): string | typeof unreadable | undefined {
  if (!/^[\w-]*$/.test(text)) return unreadable;
  try {
    const token = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64url'));
    return token || undefined;
  } catch {
    return unreadable;
  }
}
