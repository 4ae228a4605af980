import type { Cause } from '../../../errors/apiError.ts';
import { qualifiedNameProblems, textsExceed } from '../../../meta/names.ts';
import { invalidValue, required, tooLong } from '../../validation/causes.ts';

const mostParameters = 512;
const mostParameterBytes = 256 * 1024;

/** Checks what a class says to the driver that makes its volumes. */
export function validParameters(parameters: Record<string, string>): Cause[] {
  const entries = Object.entries(parameters);
  if (entries.length > mostParameters) return [tooLong('parameters', mostParameters)];
  const causes = entries
    .filter(([key]) => !key)
    .map(([key]) => invalidValue('parameters', key, 'field can not be empty.'));
  if (textsExceed(parameters, mostParameterBytes)) causes.push(tooLong('parameters', mostParameterBytes));
  return causes;
}

/** Checks who makes volumes: a qualified name, in which case does not matter. */
export const validProvisioner = (field: string, name: string): Cause[] =>
  name
    ? qualifiedNameProblems(name.toLowerCase()).map((why) => invalidValue(field, name.toLowerCase(), why))
    : [required(field)];
