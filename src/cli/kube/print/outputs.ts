import { UsageError } from '../../verb.ts';

/** Returns what -o knows beside tables. */
export const isObjectOutput = (output: string): boolean =>
  /^(json|yaml|name|jsonpath(=.*|-file=.*)?|custom-columns(-file)?(=.*)?)$/s.test(output);

/** The refusal of a word that -o does not know. */
export const unknownOutput = (output: string) =>
  new UsageError(
    `unable to match a printer suitable for the output format "${output}", allowed formats are: custom-columns,custom-columns-file,json,jsonpath,name,wide,yaml`,
  );
