import type { IncomingHttpHeaders } from 'node:http';
import { posix } from 'node:path';
import type { RE2JS } from 're2js';
import { compile } from '../../../shared/kinds/custom/validate/patterns.ts';
import type { RequestMatch, RouteRule, ValueMatch } from '../../../shared/ports/cloud.ts';

/** Is what rules ask of a request. */
export interface Asked {
  /** As the client wrote it, with its query. */
  url: string;
  method: string;
  headers: IncomingHttpHeaders;
}

type Judge = (question: Question) => boolean;

/** Lists of rules that are ready for requests: one list is so once, however many hosts have it. */
export type Prepared = Map<readonly RouteRule[], readonly { rule: RouteRule; judge: Judge }[]>;

/**
 * Answers the first of the rules that a request matches, list after list. What it answers throws when expressions would
 * take longer than a request is worth.
 */
export function matcher(
  lists: readonly (readonly RouteRule[])[],
  prepared: Prepared = new Map(),
): (asked: Asked) => RouteRule | undefined {
  const judged = lists.map((rules) => {
    const known = prepared.get(rules) ?? rules.map((rule) => ({ rule, judge: judgeOf(rule.match) }));
    prepared.set(rules, known);
    return known;
  });
  return (asked) => {
    const question = new Question(asked);
    for (const rules of judged) {
      const found = rules.find(({ judge }) => judge(question));
      if (found) return found.rule;
    }
    return undefined;
  };
}

/** No expression is tried on more characters than this. */
const longestText = 4_096;
/** Each instruction of an expression counts once for each character that it is tried on. */
const mostSteps = 2_000_000;

/** A request with what rules have found out of it. */
class Question {
  readonly asked: Asked;
  readonly path: string;
  #query: URLSearchParams | undefined;
  #steps = mostSteps;

  constructor(asked: Asked) {
    this.asked = asked;
    this.path = cleaned(pathOf(asked.url));
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.asked.url.slice(pathOf(this.asked.url).length));
    return this.#query;
  }

  /** @throws an Error when all expressions together have had their steps. */
  isAll(expression: RE2JS, text: string): boolean {
    if (text.length > longestText) return false;
    this.#steps -= expression.programSize() * (text.length + 1);
    if (this.#steps < 0) throw new Error('the expressions of the rules are more than a request is worth');
    return expression.matcher(text).matches();
  }
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

/** A path of a rule as paths of requests are compared with it. */
export function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** A path without the slashes at its end. Not by an expression: that looks at each run of slashes again and again. */
export function stemOf(path: string): string {
  let end = path.length;
  while (end && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** What of a path follows the stem of a prefix; undefined when it is not below it, element by element. */
export function below(stem: string, path: string): string | undefined {
  if (!path.startsWith(stem)) return undefined;
  const rest = path.slice(stem.length);
  return rest === '' || rest.startsWith('/') ? rest : undefined;
}

function judgeOf({ path, method, headers = [], query = [] }: RequestMatch): Judge {
  const isPath = pathJudge(path);
  const areHeaders = headers.map((each) => valueJudge(each));
  const areQuery = query.map((each) => valueJudge(each));
  return (question) => {
    const { asked } = question;
    if ((method && method !== asked.method) || !isPath(question.path, question)) return false;
    for (const [i, { name }] of headers.entries())
      if (!areHeaders[i]!(headerOf(asked.headers, name.toLowerCase()), question)) return false;
    return query.every(({ name }, i) => areQuery[i]!(question.query.get(name) ?? undefined, question));
  };
}

type TextJudge<T> = (text: T, question: Question) => boolean;

function pathJudge({ type, value }: RequestMatch['path']): TextJudge<string> {
  if (type === 'regex') return whole(value);
  const path = decoded(value);
  if (type === 'exact') return (asked) => asked === path;
  const stem = stemOf(path);
  return (asked) => below(stem, asked) !== undefined;
}

function valueJudge({ value, isRegex }: ValueMatch): TextJudge<string | undefined> {
  const isValue: TextJudge<string> = isRegex ? whole(value) : (found) => found === value;
  return (found, question) => found !== undefined && isValue(found, question);
}

/** RE2's time grows with the text alone. One that is no expression matches nothing. */
function whole(expression: string): TextJudge<string> {
  try {
    const compiled = compile(expression);
    return (text, question) => question.isAll(compiled, text);
  } catch {
    return () => false;
  }
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return Array.isArray(value) ? value.join(', ') : value;
}
