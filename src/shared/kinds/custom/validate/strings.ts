import type { JSONSchemaProps } from '../../schema/types.ts';
import { invalidValue, tooLong } from '../../validation/causes.ts';
import { type Finding, finding } from './finding.ts';
import { matches } from './patterns.ts';

/** The first thing that is wrong with a text. */
export function stringFindings(path: string, value: string, schema: JSONSchemaProps): Finding[] {
  const { maxLength, minLength, pattern } = schema;
  const length = maxLength === undefined && minLength === undefined ? 0 : lengthOf(value);
  if (maxLength !== undefined && length > maxLength)
    return [
      finding(path, `in body should be at most ${maxLength} chars long`, (field) =>
        tooLong(field, maxLength),
      ),
    ];
  if (minLength !== undefined && length < minLength)
    return [about(path, value, `should be at least ${minLength} chars long`)];
  if (pattern && !matches(pattern, value)) return [about(path, value, `should match '${pattern}'`)];
  return [];
}

const about = (path: string, value: string, why: string) =>
  finding(path, `in body ${why}`, (field) => invalidValue(field, value, `${path} in body ${why}`));

/** In code points. */
function lengthOf(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) length--;
  return length;
}
