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
 * (apiVersion, kind, metadata) is not looked at. `null` fits everywhere. A real server tells all; after a hundred, or after the
 * one that fills 64 KiB, `and more` stands for the rest, as paths contain what was sent.
 */
export function typeProblems(value: unknown, schema: Structural): string[] {
  const found: Found = { lines: [], left: mostCharacters };
  look(found, '', value, { ...schema, 'x-kubernetes-embedded-resource': true }, false);
  return isFull(found) ? [...found.lines, 'and more'] : found.lines;
}

const mostLines = 100;
const mostCharacters = 65_536;

interface Found {
  lines: string[];
  /** How many more characters may be told. */
  left: number;
}

const isFull = ({ lines, left }: Found) => lines.length >= mostLines || left <= 0;

function tell(found: Found, path: string, what: string): void {
  if (isFull(found)) return;
  const line = `${path}: ${what}`;
  found.lines.push(line);
  found.left -= line.length;
}

/** @param open Whether a schema around keeps unknown fields, which holds for all within it. */
function look(found: Found, path: string, value: unknown, schema: Structural, open: boolean): void {
  const isOpen = open || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (value === null || value === undefined || isFull(found)) return;
  switch (schema.type) {
    case undefined:
    case '':
      if (isObject(value)) lookAtFields(found, path, value, schema, isOpen);
      return;
    case 'object':
      if (isObject(value)) lookAtFields(found, path, value, schema, isOpen);
      else tell(found, path, `expected map, got ${goValue(value)}`);
      return;
    case 'array':
      if (Array.isArray(value)) lookAtItems(found, path, value, schema, isOpen);
      else tell(found, path, `expected list, got ${goValue(value)}`);
      return;
    default: {
      const problem = scalarProblem(value, schema);
      if (problem) tell(found, path, problem);
    }
  }
}

function lookAtFields(found: Found, path: string, value: Json, schema: Structural, open: boolean): void {
  const values = valuesOf(schema);
  const isFree = values ? values.any : open || Object.keys(schema.properties ?? {}).length === 0;
  let hasUnknown = false;
  for (const [name, inner] of Object.entries(value)) {
    if (isFull(found)) return;
    if (isEmbedded(schema) && isMetaField(name)) continue;
    const part = propertyOf(schema, name) ?? values?.schema;
    if (part) look(found, `${path}.${name}`, inner, part, open);
    // Upstream names one, whichever it comes upon, and looks at no more of the object.
    else if (!isFree && !hasUnknown) {
      tell(found, `${path}.${name}`, 'field not declared in schema');
      hasUnknown = true;
    }
  }
}

function lookAtItems(found: Found, path: string, list: unknown[], schema: Structural, open: boolean): void {
  const items = itemsOf(schema);
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    if (isFull(found)) return;
    const element = elementOf(item, i, schema);
    // Without a name for it, neither it nor what follows is looked at.
    if ('problem' in element) {
      tell(found, path, `element ${i}: ${element.problem}`);
      return;
    }
    if (seen.has(element.name)) tell(found, path, `duplicate entries for key ${element.name}`);
    seen.add(element.name);
    if (items) look(found, path + element.name, item, items, open);
  }
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

function scalarProblem(value: unknown, { type, format }: Structural): string | undefined {
  const is = typeof value;
  if (type === 'boolean') return is === 'boolean' ? undefined : `expected boolean, got ${goValue(value)}`;
  if (type === 'integer' || type === 'number')
    return isNumeric(value) ? undefined : `expected numeric (int or float), got ${goType(value)}`;
  if (!format || format === 'byte')
    return is === 'string' ? undefined : `expected string, got ${goSyntax(value)}`;
  return is === 'object' ? `expected any scalar, got ${goValue(value)}` : undefined;
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
