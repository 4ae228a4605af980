import type { IncomingHttpHeaders } from 'node:http';
import { posix } from 'node:path';
import { RE2JS } from 're2js';
import type { RequestMatch, RouteRule, ValueMatch } from '../../../shared/ports/cloud.ts';

/** Is what rules ask of a request. */
export interface Asked {
  /** As the client wrote it, with its query. */
  url: string;
  method: string;
  headers: IncomingHttpHeaders;
}

type Judge = (asked: Asked, path: string) => boolean;

/** Answers the first of the rules that a request matches. */
export function matcher(rules: readonly RouteRule[]): (asked: Asked) => RouteRule | undefined {
  const judges = rules.map((rule) => ({ rule, judge: judgeOf(rule.match) }));
  return (asked) => {
    const path = cleaned(pathOf(asked.url));
    return judges.find(({ judge }) => judge(asked, path))?.rule;
  };
}

/** Everything before the query. */
export const pathOf = (url: string): string => url.split('?', 1)[0]!;

/** As the program behind will read it, so that `..` leads around no rule. */
export function cleaned(path: string): string {
  try {
    return posix.normalize(decodeURI(path));
  } catch {
    return path;
  }
}

/** Whether a path is below a prefix, element by element; undefined when not, else what follows it. */
export function below(prefix: string, path: string): string | undefined {
  const stem = prefix.replace(/\/+$/, '');
  if (!path.startsWith(stem)) return undefined;
  const rest = path.slice(stem.length);
  return rest === '' || rest.startsWith('/') ? rest : undefined;
}

function judgeOf({ path, method, headers = [], query = [] }: RequestMatch): Judge {
  const isPath = pathJudge(path);
  const areHeaders = headers.map((each) => valueJudge(each));
  const areQuery = query.map((each) => valueJudge(each));
  return (asked, cleanPath) => {
    if ((method && method !== asked.method) || !isPath(cleanPath)) return false;
    for (const [i, { name }] of headers.entries())
      if (!areHeaders[i]!(headerOf(asked.headers, name.toLowerCase()))) return false;
    if (!query.length) return true;
    const values = new URLSearchParams(asked.url.slice(pathOf(asked.url).length));
    return query.every(({ name }, i) => areQuery[i]!(values.get(name) ?? undefined));
  };
}

function pathJudge({ type, value }: RequestMatch['path']): (path: string) => boolean {
  if (type === 'exact') return (path) => path === value;
  if (type === 'prefix') return (path) => below(value, path) !== undefined;
  return whole(value);
}

function valueJudge({ value, isRegex }: ValueMatch): (found: string | undefined) => boolean {
  const isValue = isRegex ? whole(value) : (found: string) => found === value;
  return (found) => found !== undefined && isValue(found);
}

/** No expression is tried on more characters than this. */
const longestText = 4_096;

/** RE2's time grows with the text alone. One that is no expression matches nothing. */
function whole(expression: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(expression);
    return (text) => text.length <= longestText && compiled.matcher(text).matches();
  } catch {
    return () => false;
  }
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return Array.isArray(value) ? value.join(', ') : value;
}
