/** A body that does not fit its type. The message is what a real server says; the API answers 400 with it. */
export class DecodeError extends Error {}

/** The whole message of the 400: `Pod in version "v1" cannot be handled as a Pod: …`. */
export const cannotBeHandled = (kind: string, version: string, why: string): string =>
  `${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`;

/** The rest of that message under fieldValidation=Strict. `problems` as decodeObject and findDuplicateFields report. */
export function strictDecodingError(problems: string[]): string {
  const lines = problems.filter((problem) => ofLine.test(problem));
  const fields = problems.filter((problem) => !ofLine.test(problem));
  const yaml = lines.length
    ? [`yaml: unmarshal errors:\n${lines.map((line) => `  ${line}`).join('\n')}`]
    : [];
  return `strict decoding error: ${[...yaml, ...fields].join(', ')}`;
}

/** What is said of a YAML text comes by line, and together. */
const ofLine = /^line \d+: /;
