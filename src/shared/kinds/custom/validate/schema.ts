/** Validates a value by an OpenAPI schema, check by check and word by word as kube-openapi does. */

import { isObject } from '../../../meta/isObject.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import type { Correlation } from './correlation.ts';
import { enumFindings } from './enums.ts';
import { merge, nothing, type Result } from './finding.ts';
import { formatFindings } from './formats.ts';
import { junctors } from './junctors.ts';
import { numberResult } from './numbers.ts';
import { listResult, objectResult } from './parts.ts';
import { stringFindings } from './strings.ts';
import { typeFindings } from './types.ts';

/**
 * A place in the object: what there is and was. Paths as in messages: `spec.items[0].name`. A correlation makes what
 * has not changed pass.
 */
export function validateAt(path: string, value: unknown, schema: JSONSchemaProps, old?: Correlation): Result {
  const result = validate(path, value, schema, old);
  return result.findings.length > 0 && old?.isEqual() ? { findings: [], matches: result.matches } : result;
}

/** The same without letting anything pass at this very place: one of several alternatives. */
export function validate(path: string, value: unknown, schema: JSONSchemaProps, old?: Correlation): Result {
  const result = nothing();
  const check = (findings: Result['findings'], matches = 0) => {
    merge(result, { findings, matches });
    result.matches++;
  };
  const types = typeFindings(path, value, schema);
  if (value === null || value === undefined) {
    merge(result, { findings: [...types, ...enumFindings(path, null, schema)], matches: 0 });
    return result;
  }
  if (schema.type || schema['x-kubernetes-int-or-string']) check(types, types.length ? 0 : 1);
  const joined = junctors(path, value, schema, old, validate);
  check(joined.findings, joined.matches);
  if (typeof value === 'string') {
    check(stringFindings(path, value, schema));
    check(formatFindings(path, value, schema));
  }
  const within =
    typeof value === 'number' || typeof value === 'bigint'
      ? numberResult(path, value, schema)
      : Array.isArray(value)
        ? listResult(path, value, schema, old, validateAt)
        : undefined;
  if (within) check(within.findings, within.matches);
  check(enumFindings(path, value, schema));
  if (isObject(value)) {
    const parts = objectResult(path, value, schema, old, validateAt);
    check(parts.findings, parts.matches);
  }
  result.matches++;
  return result;
}
