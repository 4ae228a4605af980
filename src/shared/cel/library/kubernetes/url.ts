import { parseAddress } from './address.ts';

/** A URL as Go's net/url reads it: more leniently than the standard that JavaScript follows, and in other words. */
export interface GoUrl {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly rawPath: string;
  readonly query: string;
  /** The whole as it was given, for comparing two. */
  readonly text: string;
}

class Malformed extends Error {}

/** Reads an absolute URL or path, or says why it is none. */
export function parseRequestUrl(text: string): GoUrl | { readonly problem: string } {
  try {
    parse(text, true);
    // A request has no fragment, a URL may: what was accepted is read once more without it.
    return { ...parse(text.split('#')[0]!, false), text };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { problem: `parse ${JSON.stringify(text)}: ${error.message}` };
  }
}

function parse(text: string, request: boolean): Omit<GoUrl, 'text'> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
  if (/[\x00-\x1f\x7f]/.test(text)) throw new Malformed('net/url: invalid control character in URL');
  if (text === '' && request) throw new Malformed('empty url');
  const [scheme, afterScheme] = splitScheme(text);
  const mark = afterScheme.indexOf('?');
  const query = mark < 0 ? '' : afterScheme.slice(mark + 1);
  let rest = mark < 0 ? afterScheme : afterScheme.slice(0, mark);
  const none = { scheme, host: '', path: '', rawPath: '', query };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return none;
    if (request && text !== '*') throw new Malformed('invalid URI for request');
  }
  let host = '';
  if (scheme !== '' && rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2);
    const authority = rest.slice(2, slash < 0 ? undefined : slash);
    rest = slash < 0 ? '' : rest.slice(slash);
    host = parseAuthority(scheme, authority);
  }
  return { ...none, host, path: unescaped(rest), rawPath: rest };
}

function splitScheme(text: string): [string, string] {
  if (text.startsWith(':')) throw new Malformed('missing protocol scheme');
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  return match ? [match[1]!.toLowerCase(), text.slice(match[0].length)] : ['', text];
}

function parseAuthority(scheme: string, authority: string): string {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  const user = authority.slice(0, Math.max(at, 0));
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) throw new Malformed('net/url: invalid userinfo');
  unescaped(user);
  return host;
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw new Malformed('invalid IP-literal');
  if (bracket === 0) return parseLiteral(host);
  const first = host.indexOf(':');
  if (first >= 0) checkPort(host.slice(/^https?$/.test(scheme) ? first : host.lastIndexOf(':')));
  return unescapeHost(host);
}

function parseLiteral(host: string): string {
  const end = host.lastIndexOf(']');
  if (end < 0) throw new Malformed("missing ']' in host");
  const port = host.slice(end + 1);
  checkPort(port);
  const name = unescapeHost(host.slice(1, end));
  const address = parseAddress(name);
  if ('problem' in address) throw new Malformed(`invalid host: ${address.problem}`);
  if (address.bytes.length === 4) throw new Malformed('invalid IP-literal');
  return `[${name}]${port}`;
}

function checkPort(port: string): void {
  if (!/^(?::\d*)?$/.test(port)) throw new Malformed(`invalid port ${JSON.stringify(port)} after host`);
}

/** The text with escapes read. @throws Malformed */
function unescaped(text: string): string {
  const wrong = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text)?.[0];
  if (wrong !== undefined) throw new Malformed(`invalid URL escape ${JSON.stringify(wrong)}`);
  if (!text.includes('%')) return text;
  return Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();
}

function unescapeHost(text: string): string {
  const early = /%(?:[0-7][0-9a-fA-F])/.exec(text.replaceAll('%25', ''))?.[0];
  if (early) throw new Malformed(`invalid URL escape ${JSON.stringify(early)}`);
  const plain = unescaped(text);
  const wrong = /[^A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]/u.exec(text)?.[0];
  if (wrong !== undefined) throw new Malformed(`invalid character ${JSON.stringify(wrong)} in host name`);
  return plain;
}

/** The host without its port and brackets. */
export const hostnameOf = ({ host }: GoUrl): string =>
  host.startsWith('[') ? host.slice(1, host.lastIndexOf(']')) : host.replace(/:[^:]*$/, '');

export const portOf = ({ host }: GoUrl): string => /:(\d*)$/.exec(host.replace(/^\[.*\]/, ''))?.[1] ?? '';

/** The path with escapes: as it was written where that is valid, else as Go would write it. */
export function escapedPath({ path, rawPath }: GoUrl): string {
  if (/^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/]|%[0-9a-fA-F]{2})*$/.test(rawPath)) return rawPath;
  return Array.from(Buffer.from(path), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~$&+,/:;=@]/.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** Parameters by name; those that cannot be read are left out. */
export function parameters({ query }: GoUrl): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const part of query.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const [name = '', ...rest] = part.split('=');
    try {
      const [key, value] = [name, rest.join('=')].map((own) => unescaped(own.replaceAll('+', ' '))) as [
        string,
        string,
      ];
      found.set(key, [...(found.get(key) ?? []), value]);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
  return found;
}
