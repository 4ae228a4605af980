import { posix } from 'node:path';

/** Describes where a link is found, and what it has to begin with to come through the proxy again. */
export interface Page {
  prefix: string;
  /** `address:port` that the page was fetched from. */
  source: string;
  /** Host that the client's request named. */
  host: string;
}

const url = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(.*)$/i;

/**
 * A link as it has to read for a client of the proxy. Relative links work as they are, and those to other hosts are not
 * ours; absolute paths of the same host get the proxy's path before them.
 */
export function rewriteLink(link: string, { prefix, source, host }: Page): string {
  const [, scheme = '', authority, path = '', rest = ''] = url.exec(link) ?? [];
  const isElsewhere = authority ? authority !== source && authority !== host : Boolean(scheme);
  if (isElsewhere || !path.startsWith('/')) return link;
  const before = authority === host ? `${scheme && `${scheme}:`}//${authority}` : '';
  const through = path.startsWith(prefix) ? path : posix.join(prefix, path);
  return `${before}${through}${rest}`;
}
