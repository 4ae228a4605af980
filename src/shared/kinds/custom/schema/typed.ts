/** Says where a configuration for server-side apply is of other types than its schema, in the words of structured-merge-diff. */
import { isObject } from '../../../meta/isObject.ts';
import { goSyntax, goText, goValue } from './goValues.ts';
import {
  isEmbedded,
  isMetaField,
  itemsOf,
  type Json,
  propertyOf,
  type Structural,
  valuesOf,
} from './structural.ts';

/**
 * Returns one line for each place, `.spec.size: expected numeric (int or float), got string`; what every object says of itself
 * (apiVersion, kind, metadata) is not looked at. `null` fits everywhere.
 */
export const typeProblems = (value: unknown, schema: Structural): string[] =>
  problemsOf(value, { ...schema, 'x-kubernetes-embedded-resource': true }, false).map(
    ([path, what]) => `${path}: ${what}`,
  );

type Problem = [path: string, what: string];

/** @param open Whether a schema around keeps unknown fields, which holds for all within it. */
function problemsOf(value: unknown, schema: Structural, open: boolean): Problem[] {
  const isOpen = open || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (value === null || value === undefined) return [];
  switch (schema.type) {
    case undefined:
    case '':
      return isObject(value) ? fieldProblems(value, schema, isOpen) : [];
    case 'object':
      return isObject(value)
        ? fieldProblems(value, schema, isOpen)
        : [['', `expected map, got ${goValue(value)}`]];
    case 'array':
      return Array.isArray(value)
        ? itemProblems(value, schema, isOpen)
        : [['', `expected list, got ${goValue(value)}`]];
    default:
      return scalarProblems(value, schema);
  }
}

function fieldProblems(value: Json, schema: Structural, open: boolean): Problem[] {
  const values = valuesOf(schema);
  const isFree = Object.keys(schema.properties ?? {}).length === 0 || open;
  return Object.entries(value).flatMap(([name, inner]): Problem[] => {
    if (isEmbedded(schema) && isMetaField(name)) return [];
    const part = propertyOf(schema, name) ?? values?.schema;
    if (part) return within(`.${name}`, problemsOf(inner, part, open));
    return (values ? values.any : isFree) ? [] : [[`.${name}`, 'field not declared in schema']];
  });
}

function itemProblems(list: unknown[], schema: Structural, open: boolean): Problem[] {
  const items = itemsOf(schema);
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const [i, item] of list.entries()) {
    const element = elementOf(item, i, schema);
    // Without a name for it, neither it nor what follows is looked at.
    if ('problem' in element) return [...problems, ['', `element ${i}: ${element.problem}`]];
    if (seen.has(element.name)) problems.push(['', `duplicate entries for key ${element.name}`]);
    seen.add(element.name);
    if (items) problems.push(...within(element.name, problemsOf(item, items, open)));
  }
  return problems;
}

function elementOf(item: unknown, index: number, schema: Structural): { name: string } | { problem: string } {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return memberOf(item);
    case 'map':
      return keyedOf(item, schema);
    default:
      return { name: `[${index}]` };
  }
}

function memberOf(item: unknown): { name: string } | { problem: string } {
  if (item === null)
    return { problem: "associative list without keys has an element that's an explicit null" };
  if (Array.isArray(item)) return { problem: 'not supported: associative list with lists as elements' };
  return isObject(item)
    ? { problem: "associative list without keys has an element that's a map type" }
    : { name: `[=${JSON.stringify(item)}]` };
}

function keyedOf(item: unknown, schema: Structural): { name: string } | { problem: string } {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (item === null) return { problem: 'associative list with keys may not have a null element' };
  if (!isObject(item)) return { problem: 'associative list with keys may not have non-map elements' };
  const items = itemsOf(schema);
  const named = keys.flatMap((key) => {
    const value = Object.hasOwn(item, key) ? item[key] : items && propertyOf(items, key)?.default;
    return value === undefined ? [] : [`${key}=${goText(value)}`];
  });
  if (named.length > 0) return { name: `[${named.sort().join(',')}]` };
  const all = keys.map((key) => JSON.stringify(key)).join(' ');
  return {
    problem: `associative list with keys has an element that omits all key fields [${all}] (and doesn't have default values for any key fields)`,
  };
}

function scalarProblems(value: unknown, { type, format }: Structural): Problem[] {
  const is = typeof value;
  if (type === 'boolean') return is === 'boolean' ? [] : [['', `expected boolean, got ${goValue(value)}`]];
  if (type === 'integer' || type === 'number')
    return isNumeric(value) ? [] : [['', `expected numeric (int or float), got ${goType(value)}`]];
  if (!format || format === 'byte')
    return is === 'string' ? [] : [['', `expected string, got ${goSyntax(value)}`]];
  return is === 'object' ? [['', `expected any scalar, got ${goValue(value)}`]] : [];
}

const isNumeric = (value: unknown) => typeof value === 'number' || typeof value === 'bigint';

const goType = (value: unknown) =>
  typeof value === 'string'
    ? 'string'
    : typeof value === 'boolean'
      ? 'bool'
      : Array.isArray(value)
        ? '[]interface {}'
        : 'map[string]interface {}';

const within = (prefix: string, problems: Problem[]): Problem[] =>
  problems.map(([path, what]) => [prefix + path, what]);
