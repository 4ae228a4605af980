import { badRequest } from '../../errors/common.ts';

/** A request's path and query. Split by hand: a URL object costs more than a GET. */
export interface Target {
  /** Decoded, without the cluster prefix: `/api/v1/pods`. */
  path: string;
  segments: string[];
  query: Query;
}

/** Reads the parameters of a query, decoded as a form. */
export interface Query {
  /** The first value. */
  get(name: string): string | undefined;
  all(name: string): string[];
  /** `true` and `1` as Go reads them; a bare name counts. */
  flag(name: string): boolean;
}

/** Is the target of a request after its logical cluster has been taken from the path. */
export interface ClusterTarget extends Target {
  cluster: string;
}

/** Returns whether a cluster is what new logical clusters begin as. It is none itself: no object can have its name. */
export const isTemplate = (cluster: string): boolean => cluster.includes('.');

/** Throws BadRequest for malformed percent-encoding. */
export function parseTarget(target: string): ClusterTarget {
  const mark = target.indexOf('?');
  const raw = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? emptyQuery : parseQuery(target.slice(mark + 1));
  const isEncoded = raw.includes('%');
  const parts = raw.split('/').slice(1);
  const all = isEncoded ? parts.map(decode) : parts;
  const named = all[0] === 'clusters' && all[1] !== undefined && all[1] !== '';
  const segments = named ? all.slice(2) : all;
  const cluster = named ? all[1]! : 'default';
  const isWhole = !isEncoded && !named && raw.startsWith('/');
  return {
    cluster,
    path: isWhole ? raw : `/${segments.join('/')}`,
    segments: segments.includes('') ? segments.filter(isPresent) : segments,
    query,
  };
}

/** An empty namespace is one of no name, as clients send it that have none; other empty segments say nothing. */
const isPresent = (segment: string, i: number, all: string[]) =>
  segment !== '' || (all[i - 1] === 'namespaces' && Boolean(all[i + 1]));

/** Has no parameters. */
export const emptyQuery: Query = { get: () => undefined, all: () => [], flag: () => false };

/** Parses what follows the question mark; a name without `=` has an empty value, and names may repeat. */
export function parseQuery(text: string): Query {
  if (text === '') return emptyQuery;
  const pairs = text.split('&').map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    if (equals < 0) return [decodeForm(pair), ''];
    return [decodeForm(pair.slice(0, equals)), decodeForm(pair.slice(equals + 1))];
  });
  const get = (name: string) => pairs.find(([key]) => key === name)?.[1];
  return {
    get,
    all: (name) => pairs.filter(([key]) => key === name).map(([, value]) => value),
    flag: (name) => {
      const value = get(name);
      return value !== undefined && !['0', 'f', 'false', 'False', 'FALSE'].includes(value);
    },
  };
}

const decodeForm = (text: string) => decode(text.includes('+') ? text.replaceAll('+', ' ') : text);

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest(`invalid URL escape in ${JSON.stringify(text)}`);
  }
}
