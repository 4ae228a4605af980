import type { JSONSchemaProps } from '../../schema/types.ts';
import { notSupported } from '../../validation/causes.ts';
import { deepEqual } from './correlation.ts';
import { type Finding, finding } from './finding.ts';

/** Returns a finding when the value is in no enumeration that the schema declares. null is never allowed by one. */
export function enumFindings(path: string, value: unknown, { enum: values }: JSONSchemaProps): Finding[] {
  if (!values?.length || (value !== null && values.some((allowed) => deepEqual(allowed, value)))) return [];
  const shown = values.map((allowed) => (typeof allowed === 'string' ? allowed : JSON.stringify(allowed)));
  return [
    finding(path, `in body should be one of [${shown.join(' ')}]`, (field) =>
      notSupported(field, value, shown),
    ),
  ];
}
