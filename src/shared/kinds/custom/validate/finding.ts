/** Is what is wrong with a value, and how much of it was right. */
import type { Cause } from '../../../errors/apiError.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { invalidValue } from '../../validation/causes.ts';
import type { Correlation } from './correlation.ts';

/** Is one mistake in a value, in the words of go-openapi and as a cause of a Status. */
export interface Finding {
  /** Is what it says of itself; the same is not said twice. */
  text: string;
  cause: Cause;
}

/**
 * Validates a value at a place, such as `spec.items[0].name`. A correlation makes what has not changed pass.
 */
export type Validate = (path: string, value: unknown, schema: JSONSchemaProps, old?: Correlation) => Result;

/** Collects what validation of a value against a schema found. */
export interface Result {
  findings: Finding[];
  /** Checks that passed, by which the best of several alternatives is told. */
  matches: number;
}

/** Makes an empty result, to be filled. */
export const nothing = (): Result => ({ findings: [], matches: 0 });

/** Adds findings to the result, except those whose text it has already. */
export function add({ findings }: Result, ...more: Finding[]): void {
  for (const finding of more) if (!findings.some(({ text }) => text === finding.text)) findings.push(finding);
}

/** Adds findings and matches of a part to the result of the whole. */
export function merge(into: Result, { findings, matches }: Result): void {
  add(into, ...findings);
  into.matches += matches;
}

/** A finding about the value at `path`, which the root leaves empty. */
export const finding = (path: string, text: string, cause: (field: string) => Cause): Finding => ({
  text: `${path} ${text}`,
  cause: cause(path.replace(/^\./, '') || '<nil>'),
});

/** Makes the finding about a value of another JSON type, or in another format, than the schema declares. */
export const wrongType = (path: string, expected: string, found: string): Finding => {
  const text = `in body must be of type ${expected}: ${JSON.stringify(found)}`;
  return finding(path, text, (field) => typeInvalid(field, found, `${path} ${text}`));
};

const typeInvalid = (field: string, value: string, why: string): Cause => ({
  ...invalidValue(field, value, why),
  reason: 'FieldValueTypeInvalid',
});
