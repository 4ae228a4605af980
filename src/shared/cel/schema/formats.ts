import { parseTimestamp } from '../values/timestamp.ts';
import type { Timestamp } from '../values/value.ts';

/** Whether a text is base64 with its padding. */
export const isBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) && text !== '';

/** A date and time as strfmt reads it: also in lower case, without a zone or without seconds. */
export function parseDateTime(text: string): Timestamp | undefined {
  const upper = text.toUpperCase().replace(' ', 'T');
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(upper)
    ? upper.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
    : `${upper}Z`;
  return parseTimestamp(zoned);
}
