import { parseTimestamp } from '../../../cel/values/timestamp.ts';
import type { Timestamp } from '../../../cel/values/value.ts';

/** A date and time as strfmt reads it: also in lower case, without a zone or without seconds. */
export function parseDateTime(text: string): Timestamp | undefined {
  const upper = text.toUpperCase().replace(' ', 'T');
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(upper)
    ? upper.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
    : `${upper}Z`;
  return parseTimestamp(zoned);
}
