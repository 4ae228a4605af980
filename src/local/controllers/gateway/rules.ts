import { compile as compilePattern, patternProblem } from '../../../shared/kinds/custom/validate/patterns.ts';
import { hopByHop } from '../../../shared/meta/hopByHop.ts';
import { table } from '../../../shared/meta/table.ts';
import type {
  HeaderChanges,
  Mirror,
  PathChange,
  RequestMatch,
  RoutedBackend,
  RouteRule,
  ValueMatch,
  WeightedBackend,
} from '../../../shared/ports/cloud.ts';
import { type Finding, no, yes } from './conditions.ts';
import { millisecondsOf } from './durations.ts';
import {
  group,
  type HTTPBackendRef,
  type HTTPPathModifier,
  type HTTPRoute,
  type HTTPRouteFilter,
  type HTTPRouteMatch,
  type HTTPRouteRule,
  type HTTPValueMatch,
  type ObjectRef,
} from './kinds.ts';
import type { Resolved } from './references.ts';

/** Finds what a reference of a route to a backend leads to. */
export type Resolve = (ref: ObjectRef) => Resolved;

/** An HTTPRoute as a router has it. */
export interface CompiledRoute {
  rules: RouteRule[];
  backends: Map<string, RoutedBackend>;
  resolvedRefs: Finding;
  /** Says what of it is not served; absent: it can be. */
  unsupported?: Finding;
}

/** Compiles the rules of a route, whatever it attaches to. */
export function compile(route: HTTPRoute, resolve: Resolve): CompiledRoute {
  const backends: CompiledRoute['backends'] = new Map();
  const problems: Finding[] = [];
  /** The name of a backend; undefined when it cannot be had. */
  const use = (ref: ObjectRef): string | undefined => {
    const found = resolve(ref);
    if ('problem' in found) return void problems.push(found.problem);
    backends.set(found.key, found.backend);
    return found.key;
  };
  const all = route.spec.rules ?? [{}];
  const rules = all.flatMap((rule, i) => {
    const name = `${route.metadata.namespace}/${route.metadata.name}/${i}`;
    return (rule.matches?.length ? rule.matches : [{}]).map((match) => ruleOf(rule, match, name, use));
  });
  const unsupported = all.map(unsupportedIn).find((each) => each !== undefined);
  return {
    ...{ rules, backends },
    resolvedRefs: problems[0] ?? yes('ResolvedRefs', 'ResolvedRefs'),
    ...(unsupported && { unsupported: no('Accepted', 'UnsupportedValue', unsupported) }),
  };
}

type Use = (ref: ObjectRef) => string | undefined;

function ruleOf(rule: HTTPRouteRule, match: HTTPRouteMatch, name: string, use: Use): RouteRule {
  const { filters = [], backendRefs = [], timeouts } = rule;
  const prefix =
    match.path?.type === undefined || match.path.type === 'PathPrefix' ? (match.path?.value ?? '/') : '/';
  const pathOf = (path: HTTPPathModifier | undefined) => path && { path: changeOf(path, prefix) };
  const redirect = filters.find(({ type }) => type === 'RequestRedirect')?.requestRedirect;
  const rewrite = filters.find(({ type }) => type === 'URLRewrite')?.urlRewrite;
  const timeoutMs = millisecondsOf(timeouts?.request);
  const backendTimeoutMs = millisecondsOf(timeouts?.backendRequest);
  const mirrors = filters.flatMap((filter) => mirrorOf(filter, use));
  return {
    name,
    match: matchOf(match),
    ...headersOf(filters),
    ...(redirect && {
      redirect: {
        ...redirect,
        statusCode: redirect.statusCode ?? 302,
        ...pathOf(redirect.path),
      } as RouteRule['redirect'],
    }),
    ...(rewrite && { rewrite: { ...rewrite, ...pathOf(rewrite.path) } as RouteRule['rewrite'] }),
    ...(mirrors.length && { mirrors }),
    backends: backendRefs.map((ref) => backendOf(ref, use)),
    ...(timeoutMs && { timeoutMs }),
    ...(backendTimeoutMs && { backendTimeoutMs }),
  };
}

const pathTypes: Record<string, RequestMatch['path']['type'] | undefined> = table({
  Exact: 'exact',
  PathPrefix: 'prefix',
  RegularExpression: 'regex',
});

function matchOf({ path, method, headers, queryParams }: HTTPRouteMatch): RequestMatch {
  return {
    path: { type: pathTypes[path?.type ?? 'PathPrefix'] ?? 'exact', value: path?.value ?? '/' },
    ...(method && { method }),
    ...(headers?.length && { headers: distinct(headers, (name) => name.toLowerCase()) }),
    ...(queryParams?.length && { query: distinct(queryParams, (name) => name) }),
  };
}

/** The first one of a name counts. */
function distinct(all: HTTPValueMatch[], keyOf: (name: string) => string): ValueMatch[] {
  const byName = new Map<string, ValueMatch>();
  for (const { name, value, type } of all) {
    const key = keyOf(name);
    if (!byName.has(key))
      byName.set(key, { name, value, ...(type === 'RegularExpression' && { isRegex: true }) });
  }
  return [...byName.values()];
}

const changeOf = (path: HTTPPathModifier, prefix: string): PathChange =>
  path.type === 'ReplaceFullPath'
    ? { type: 'full', value: path.replaceFullPath || '/' }
    : { type: 'prefix', prefix, value: path.replacePrefixMatch || '/' };

function headersOf(filters: HTTPRouteFilter[]): {
  requestHeaders?: HeaderChanges;
  responseHeaders?: HeaderChanges;
} {
  const requestHeaders = filters.find(({ type }) => type === 'RequestHeaderModifier')?.requestHeaderModifier;
  const responseHeaders = filters.find(
    ({ type }) => type === 'ResponseHeaderModifier',
  )?.responseHeaderModifier;
  return { ...(requestHeaders && { requestHeaders }), ...(responseHeaders && { responseHeaders }) };
}

function backendOf(ref: HTTPBackendRef, use: Use): WeightedBackend {
  const backend = use(ref);
  return { weight: ref.weight ?? 1, ...(backend && { backend }), ...headersOf(ref.filters ?? []) };
}

function mirrorOf({ type, requestMirror }: HTTPRouteFilter, use: Use): Mirror[] {
  if (type !== 'RequestMirror' || !requestMirror) return [];
  const { backendRef, percent, fraction } = requestMirror;
  const backend = use(backendRef);
  const share = fraction
    ? fraction.numerator / (fraction.denominator ?? 100)
    : percent === undefined
      ? 1
      : percent / 100;
  return backend === undefined ? [] : [{ backend, share }];
}

const ofRules = [
  'RequestHeaderModifier',
  'ResponseHeaderModifier',
  'RequestRedirect',
  'URLRewrite',
  'RequestMirror',
];
const ofBackends = ['RequestHeaderModifier', 'ResponseHeaderModifier'];

/** Says what of a rule is not served: nothing of it is passed over in silence. */
function unsupportedIn({
  matches = [],
  filters = [],
  backendRefs = [],
  ...rest
}: HTTPRouteRule): string | undefined {
  const filter =
    filters.find(({ type }) => !ofRules.includes(type)) ??
    backendRefs.flatMap((ref) => ref.filters ?? []).find(({ type }) => !ofBackends.includes(type));
  if (filter) return `filter ${filter.type} is not served there`;
  for (const field of ['retry', 'sessionPersistence'] as const)
    if (rest[field]) return `${field} of ${group} is not served`;
  for (const { path, headers = [], queryParams = [] } of matches)
    for (const { type, value } of [path ?? {}, ...headers, ...queryParams]) {
      const problem = type === 'RegularExpression' ? expressionProblem(value ?? '') : undefined;
      if (problem) return problem;
    }
  const everywhere = [...filters, ...backendRefs.flatMap((ref) => ref.filters ?? [])];
  for (const { name, value } of writtenBy(everywhere))
    if (!speakable.test(value)) return `HTTP cannot say what is in the value of ${name}`;
  const framing = changedBy(everywhere).find((name) => isFraming.has(name.toLowerCase()));
  if (framing !== undefined) return `header ${framing} says where messages end, and no filter may change it`;
  return undefined;
}

/** Headers by which the two ends of a connection understand each other: who changes them has one message read as two. */
const isFraming: ReadonlySet<string> = new Set([...hopByHop, 'content-length']);

/** The names of headers that filters change or remove. */
const changedBy = (filters: readonly HTTPRouteFilter[]): string[] =>
  filters.flatMap(({ requestHeaderModifier, responseHeaderModifier }) =>
    [requestHeaderModifier, responseHeaderModifier].flatMap((each) => [
      ...[...(each?.set ?? []), ...(each?.add ?? [])].map(({ name }) => name),
      ...(each?.remove ?? []),
    ]),
  );

/** An expression is worth so many steps for each character, of a request that anybody may send. */
const largestExpression = 300;

function expressionProblem(value: string): string | undefined {
  const problem = patternProblem(value);
  if (problem) return `${value} is no regular expression of RE2: ${problem}`;
  const size = compilePattern(value).programSize();
  return size > largestExpression
    ? `a regular expression of ${size} instructions is more than the ${largestExpression} that a request is worth`
    : undefined;
}

/** Definitions say nothing of the characters in these. */
const speakable = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What filters have a router write. A space in a path would end it. */
const writtenBy = (filters: readonly HTTPRouteFilter[]): { name: string; value: string }[] =>
  filters.flatMap(({ requestHeaderModifier, responseHeaderModifier, requestRedirect, urlRewrite }) => [
    ...[requestHeaderModifier, responseHeaderModifier].flatMap((each) => [
      ...(each?.set ?? []),
      ...(each?.add ?? []),
    ]),
    ...[requestRedirect?.path, urlRewrite?.path].flatMap((path) =>
      [path?.replaceFullPath, path?.replacePrefixMatch].flatMap((value) =>
        value === undefined ? [] : [{ name: 'path', value: value.replace(/[\s\x80-\xff]/, '\0') }],
      ),
    ),
  ]);
