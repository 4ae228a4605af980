/** allOf, anyOf, oneOf and not. */

import type { JSONSchemaProps } from '../../schema/types.ts';
import { invalidValue } from '../../validation/causes.ts';
import type { Correlation } from './correlation.ts';
import { add, type Finding, merge, nothing, type Result, type Validate } from './finding.ts';

/** Validates against allOf, anyOf, oneOf and not. `validate` is called for each alternative. */
export function junctors(
  path: string,
  value: unknown,
  schema: JSONSchemaProps,
  old: Correlation | undefined,
  validate: Validate,
): Result {
  const { allOf, anyOf, oneOf, not } = schema;
  const result = nothing();
  const of = (alternatives: JSONSchemaProps[]) =>
    alternatives.map((each) => validate(path, value, each, old));
  if (anyOf?.length) anyOfResult(result, path, of(anyOf));
  if (oneOf?.length) oneOfResult(result, path, of(oneOf));
  if (allOf?.length) allOfResult(result, path, of(allOf));
  if (not && isValid(validate(path, value, not, old)))
    add(result, about(path, 'must not validate the schema (not)'));
  result.matches++;
  return result;
}

const isValid = ({ findings }: Result) => findings.length === 0;

/** Nothing says where: a real server gives such findings without a field. */
function about(path: string, why: string): Finding {
  const text = `${JSON.stringify(path)} ${why}`;
  return { text, cause: invalidValue('<nil>', '', text) };
}

function anyOfResult(result: Result, path: string, tried: Result[]): void {
  const valid = tried.find(isValid);
  if (!valid) add(result, about(path, 'must validate at least one schema (anyOf)'));
  merge(result, valid ?? best(tried));
}

function oneOfResult(result: Result, path: string, tried: Result[]): void {
  const valid = tried.filter(isValid);
  if (valid.length === 1) {
    merge(result, valid[0]!);
    return;
  }
  const found = valid.length ? `Found ${valid.length} valid alternatives` : 'Found none valid';
  add(result, about(path, `must validate one and only one schema (oneOf). ${found}`));
  if (!valid.length) merge(result, best(tried));
}

function allOfResult(result: Result, path: string, tried: Result[]): void {
  for (const each of tried) merge(result, each);
  const valid = tried.filter(isValid).length;
  if (valid === tried.length) return;
  add(result, about(path, `must validate all the schemas (allOf)${valid ? '' : '. None validated'}`));
}

/** The alternative that fits most; the first of them. */
const best = (tried: Result[]): Result => tried.reduce((so, each) => (each.matches > so.matches ? each : so));
