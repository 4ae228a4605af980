/** Lists and objects: how many parts, which, and each part by its own schema. */

import type { JSONSchemaProps } from '../../schema/types.ts';
import { invalidValue, required, tooMany } from '../../validation/causes.ts';
import { itemsOf, type Json, valuesOf } from '../schema/structural.ts';
import type { Correlation } from './correlation.ts';
import { add, type Finding, finding, merge, nothing, type Result, type Validate } from './finding.ts';

/** Validates the items of a list and their number. `old` is the list before the write, for transition rules. */
export function listResult(
  path: string,
  list: unknown[],
  schema: JSONSchemaProps,
  old: Correlation | undefined,
  validateAt: Validate,
): Result {
  const result = nothing();
  const { minItems, maxItems } = schema;
  const items = itemsOf(schema);
  if (items)
    list.forEach((item, i) => {
      merge(result, validateAt(`${path}[${i}]`, item, items, old?.index(i)));
    });
  if (minItems !== undefined && list.length < minItems)
    add(result, about(path, list.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && list.length > maxItems)
    add(result, tooManyIn(path, list.length, maxItems, 'items'));
  result.matches++;
  return result;
}

/** Validates the fields of an object and their number. `old` is the object before the write, for transition rules. */
export function objectResult(
  path: string,
  object: Json,
  schema: JSONSchemaProps,
  old: Correlation | undefined,
  validateAt: Validate,
): Result {
  const result = nothing();
  const { minProperties, maxProperties, properties = {} } = schema;
  const names = Object.keys(object);
  if (minProperties !== undefined && names.length < minProperties)
    add(result, about(path, names.length, `should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && names.length > maxProperties)
    add(result, tooManyIn(path, names.length, maxProperties, 'properties'));
  const values = valuesOf(schema);
  for (const name of names) {
    const known = Object.hasOwn(properties, name) ? properties[name]! : undefined;
    const of = known ?? values?.schema;
    const at = known && !path ? name : `${path}.${name}`;
    if (of)
      merge(result, validateAt(at, object[name], of, isTypeMeta(path, name) ? undefined : old?.key(name)));
    else if (values && !values.any) add(result, forbidden(path, name));
  }
  for (const name of schema.required ?? [])
    if (!Object.hasOwn(object, name))
      add(
        result,
        finding(`${path}.${name}`, 'in body is required', (field) => required(field)),
      );
  return result;
}

/** Old and new are shown as the same kind, so that no change of these can be seen. */
const isTypeMeta = (path: string, name: string) => !path && (name === 'kind' || name === 'apiVersion');

const about = (path: string, count: number, why: string): Finding =>
  finding(path, `in body ${why}`, (field) => invalidValue(field, count, `${path} in body ${why}`));

const tooManyIn = (path: string, count: number, most: number, what: string): Finding =>
  finding(path, `in body should have at most ${most} ${what}`, (field) => tooMany(field, count, most));

const forbidden = (path: string, name: string): Finding => {
  const why = `${path}.${name} in body is a forbidden property`;
  return finding(path, why, (field) => invalidValue(field, name, why));
};
