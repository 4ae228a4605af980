import { posix } from 'node:path';

/** Describes what a request to a proxy subresource addresses behind it. */
export interface Proxied {
  /** Encoded and cleaned, for the program behind. Empty when the request ends with `/proxy`. */
  path: string;
  /** With its `?`, as the client sent it; or empty. */
  query: string;
  /** Encoded path of the proxy itself: what links of the answer have to begin with. */
  prefix: string;
  /** The request's own path as it was sent. */
  whole: string;
}

/** Segments up to `/proxy`: `api/v1/namespaces/<ns>/pods/<name>/proxy`, `api/v1/nodes/<name>/proxy`. */
const depthOf = (namespaced: boolean) => (namespaced ? 7 : 5);

/**
 * Splits the target of a proxy request as a real server does: what is behind is decoded, cleaned of `..` and empty
 * segments, and encoded again.
 */
export function proxiedPath(target: string, namespaced: boolean): Proxied {
  const mark = target.indexOf('?');
  const whole = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark);
  const parts = whole.split('/');
  let missing = depthOf(namespaced) + (parts[1] === 'clusters' ? 2 : 0);
  let at = 0;
  while (missing > 0 && ++at < parts.length) if (parts[at] !== '') missing--;
  const rest = parts.slice(at + 1);
  if (rest.length === 0) return { path: '', query, prefix: whole, whole };
  const path = encodePath(cleaned(`/${decodeURIComponent(rest.join('/'))}`));
  const prefix = whole.endsWith(path) ? whole.slice(0, -path.length) : whole;
  return { path, query, prefix, whole };
}

/** A path without `.`, `..` and empty segments; a slash at its end stays. */
export const cleaned = (path: string): string => posix.normalize(path);

/** As Go encodes a path that it has decoded. */
const encodePath = (path: string): string =>
  encodeURIComponent(path)
    .replace(/%(24|26|2B|2C|2F|3A|3B|3D|40)/g, decodeURIComponent)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
