import type { Annotations } from '../loadBalancers/annotations.ts';
import { type Fields, fieldsOf, foldedJson, isText } from './foldedJson.ts';
import type { Condition } from './stack.ts';

/** The limit of ELBv2 for each rule. */
const mostValues = 5;
const once = ['host-header', 'path-pattern', 'http-request-method', 'source-ip'];

/**
 * Returns what a rule asks for: host and paths of the Ingress, and what the annotation `conditions.<backend>` adds, in
 * the AWS Load Balancer Controller's words. Further hosts and paths stand beside those of the Ingress.
 */
export function conditionsOf(a: Annotations, backend: string, host: string, paths: string[]): Condition[] {
  const key = `conditions.${backend}`;
  const extra = readConditions(a, key);
  const extraOf = (field: string) =>
    extra.flatMap((c) => (c.field === field && 'values' in c ? c.values : []));
  const hosts = unique([...(host ? [host] : []), ...extraOf('host-header').map((v) => v.toLowerCase())]);
  const patterns = unique([...paths, ...extraOf('path-pattern')]);
  const others = extra.filter(({ field }) => field !== 'host-header' && field !== 'path-pattern');
  const all: Condition[] = [
    ...(hosts.length > 0 ? [{ field: 'host-header' as const, values: hosts }] : []),
    ...(patterns.length > 0 ? [{ field: 'path-pattern' as const, values: patterns }] : []),
    ...others,
  ];
  const count = all.reduce((sum, c) => sum + ('pairs' in c ? c.pairs : c.values).length, 0);
  if (count > mostValues)
    a.refuse(key, `a rule has at most ${mostValues} values, those of its host and path too: here ${count}`);
  for (const field of once)
    if (all.filter((c) => c.field === field).length > 1) a.refuse(key, `has ${field} more than once`);
  // A rule has to ask for something.
  return all.length > 0 ? all : [{ field: 'path-pattern', values: ['/*'] }];
}

function readConditions(a: Annotations, key: string): Condition[] {
  const text = a.text(key);
  if (text === undefined) return [];
  const list = foldedJson(text);
  if (!Array.isArray(list)) {
    a.refuse(key, 'must be a list of conditions in JSON');
    return [];
  }
  return list.map(fieldsOf).flatMap((item) => {
    const condition = readCondition(item);
    if (typeof condition !== 'string') return [condition];
    a.refuse(key, condition);
    return [];
  });
}

/** Says where each kind of condition has its values. */
const configs = {
  'host-header': 'hostHeaderConfig',
  'path-pattern': 'pathPatternConfig',
  'http-header': 'httpHeaderConfig',
  'http-request-method': 'httpRequestMethodConfig',
  'query-string': 'queryStringConfig',
  'source-ip': 'sourceIPConfig',
} as const;
const fields = Object.keys(configs) as (keyof typeof configs)[];

/** A sentence where it is wrong. */
function readCondition(item: Fields): Condition | string {
  const field = fields.find((name) => name === item.field);
  if (!field) return `unknown condition field: ${item.field ?? 'none'}: must be one of: ${fields.join(', ')}`;
  const name = configs[field];
  const config = item[name.toLowerCase()];
  if (!config) return `missing ${name}`;
  const { values = [], regexvalues, httpheadername } = fieldsOf(config);
  if (regexvalues !== undefined) return `${name}: regexValues is not supported: values is`;
  if (!Array.isArray(values) || values.length === 0) return `invalid ${name}: values cannot be empty`;
  if (field === 'query-string') {
    const pairs = values
      .map(fieldsOf)
      .flatMap(({ key, value }) => (isText(value) ? [pairOf(key, value)] : []));
    return pairs.length < values.length ? `invalid ${name}: value cannot be empty` : { field, pairs };
  }
  if (!values.every(isText)) return `invalid ${name}: values must be texts`;
  if (field !== 'http-header') return { field, values };
  return isText(httpheadername)
    ? { field, name: httpheadername, values }
    : `invalid ${name}: missing httpHeaderName`;
}

const unique = (values: string[]) => [...new Set(values)];
const pairOf = (key: unknown, value: string) => ({ ...(isText(key) && { key }), value });
