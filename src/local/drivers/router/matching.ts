import type { IncomingHttpHeaders } from 'node:http';
import { RE2JS } from 're2js';
import type { RequestMatch, RouteRule, ValueMatch } from '../../../shared/ports/cloud.ts';
import { below, cleaned, decoded, pathOf, stemOf } from './paths.ts';

/** Is what rules ask of a request. */
export interface Asked {
  /** As the client wrote it, with its query. */
  url: string;
  method: string;
  headers: IncomingHttpHeaders;
}

type Judge = (question: Question) => boolean;

/** Compiles an expression. Throws where it is none. */
type Compile = (expression: string) => RE2JS;

/** Lists of rules that are ready for requests: each is made so once, however many hosts have it. */
export class Prepared {
  readonly #byList = new Map<readonly RouteRule[], readonly { rule: RouteRule; judge: Judge }[]>();
  /** Compiling one costs; those of before are taken again. */
  readonly #compiled = new Map<string, RE2JS>();
  readonly #before: ReadonlyMap<string, RE2JS> | undefined;

  constructor(before?: Prepared) {
    if (before) this.#before = before.#compiled;
  }

  get lists(): Iterable<readonly RouteRule[]> {
    return this.#byList.keys();
  }

  of(rules: readonly RouteRule[]): readonly { rule: RouteRule; judge: Judge }[] {
    const known = this.#byList.get(rules);
    if (known) return known;
    const made = rules.map((rule) => ({ rule, judge: judgeOf(rule.match, (text) => this.#compile(text)) }));
    this.#byList.set(rules, made);
    return made;
  }

  #compile(expression: string): RE2JS {
    const made = this.#compiled.get(expression) ?? this.#before?.get(expression) ?? RE2JS.compile(expression);
    this.#compiled.set(expression, made);
    return made;
  }
}

/**
 * Answers the first of the rules that a request matches, list after list. What it answers throws when expressions would
 * take longer than a request is worth.
 */
export function matcher(
  lists: readonly (readonly RouteRule[])[],
  prepared = new Prepared(),
): (asked: Asked) => RouteRule | undefined {
  const judged = lists.map((rules) => prepared.of(rules));
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

function judgeOf({ path, method, headers = [], query = [] }: RequestMatch, compile: Compile): Judge {
  const isPath = pathJudge(path, compile);
  const areHeaders = headers.map((each) => valueJudge(each, compile));
  const areQuery = query.map((each) => valueJudge(each, compile));
  return (question) => {
    const { asked } = question;
    if ((method && method !== asked.method) || !isPath(question.path, question)) return false;
    for (const [i, { name }] of headers.entries())
      if (!areHeaders[i]!(headerOf(asked.headers, name.toLowerCase()), question)) return false;
    return query.every(({ name }, i) => areQuery[i]!(question.query.get(name) ?? undefined, question));
  };
}

type TextJudge<T> = (text: T, question: Question) => boolean;

function pathJudge({ type, value }: RequestMatch['path'], compile: Compile): TextJudge<string> {
  if (type === 'regex') return whole(value, compile);
  const path = decoded(value);
  if (type === 'exact') return (asked) => asked === path;
  const stem = stemOf(path);
  return (asked) => below(stem, asked) !== undefined;
}

function valueJudge({ value, isRegex }: ValueMatch, compile: Compile): TextJudge<string | undefined> {
  const isValue: TextJudge<string> = isRegex ? whole(value, compile) : (found) => found === value;
  return (found, question) => found !== undefined && isValue(found, question);
}

/** RE2's time grows with the text alone. One that is no expression matches nothing. */
function whole(expression: string, compile: Compile): TextJudge<string> {
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
