/** A body that does not fit its type. The message is what a real server says; the API answers 400 with it. */
export class DecodeError extends Error {}

/** The whole message of the 400: `Pod in version "v1" cannot be handled as a Pod: …`. */
export const cannotBeHandled = (kind: string, version: string, why: string): string =>
  `${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`;

/** The rest of that message under fieldValidation=Strict. `problems` as decodeObject and findDuplicateFields report. */
export const strictDecodingError = (problems: string[]): string =>
  `strict decoding error: ${problems.join(', ')}`;
