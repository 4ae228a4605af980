/** Describes where a message's body ends: after so many bytes, after its last chunk, or with the connection. */
export type Body = number | 'chunked' | 'untilClose';

export interface RequestHead {
  method: string;
  body: Body;
  /** The connection may serve a further request after this one. */
  persistent: boolean;
}

export interface ResponseHead {
  body: Body;
  persistent: boolean;
  /** 1xx: the answer proper is still to come. */
  interim: boolean;
  /** From here on the connection is no longer HTTP (101, or 2xx to CONNECT). */
  tunnel: boolean;
}

/**
 * Reads a request's head (without its final empty line). Undefined when it is not HTTP/1.x, or says two different
 * things about where its body ends: such a connection is better forwarded without understanding it.
 */
export function parseRequestHead(head: string): RequestHead | undefined {
  const lines = head.split('\r\n');
  const [, method, version] = /^([A-Z][A-Z-]*) \S+ HTTP\/1\.([01])$/.exec(lines[0]!) ?? [];
  if (!method || !version) return undefined;
  const body = bodyOf(lines, 0);
  return body === undefined ? undefined : { method, body, persistent: isPersistent(lines, version) };
}

/** Reads the head of the response to a request with this method. Undefined as for requests. */
export function parseResponseHead(head: string, method: string): ResponseHead | undefined {
  const lines = head.split('\r\n');
  const [, version, digits] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(lines[0]!) ?? [];
  if (!version) return undefined;
  const status = Number(digits);
  const interim = status < 200 && status !== 101;
  const tunnel = status === 101 || (method === 'CONNECT' && status < 300 && !interim);
  const bodyless = interim || method === 'HEAD' || status === 204 || status === 304;
  const body = bodyless ? 0 : bodyOf(lines, 'untilClose');
  if (body === undefined) return undefined;
  const persistent = interim || (body !== 'untilClose' && isPersistent(lines, version));
  return { body, persistent, interim, tunnel };
}

function bodyOf(lines: string[], otherwise: Body): Body | undefined {
  const codings = valuesOf(lines, 'transfer-encoding');
  const lengths = new Set(valuesOf(lines, 'content-length'));
  if (codings.length > 0) {
    return lengths.size === 0 && codings.at(-1)!.toLowerCase() === 'chunked' ? 'chunked' : undefined;
  }
  if (lengths.size === 0) return otherwise;
  const [length] = lengths;
  return lengths.size === 1 && /^\d{1,15}$/.test(length!) ? Number(length) : undefined;
}

function isPersistent(lines: string[], version: string): boolean {
  const options = valuesOf(lines, 'connection').map((option) => option.toLowerCase());
  return version === '1' ? !options.includes('close') : options.includes('keep-alive');
}

/** A header's values, also those in one line parted by commas. */
function valuesOf(lines: string[], name: string): string[] {
  const values: string[] = [];
  for (const line of lines) {
    if (line[name.length] !== ':' || line.slice(0, name.length).toLowerCase() !== name) continue;
    values.push(
      ...line
        .slice(name.length + 1)
        .split(',')
        .map((value) => value.trim()),
    );
  }
  return values;
}
