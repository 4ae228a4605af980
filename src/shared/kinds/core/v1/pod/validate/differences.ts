import { isObject } from '../../../../../meta/isObject.ts';

/** The fields in which two objects differ, a line for each side, for a person to see what is wrong. */
type Json = unknown;

/** At most so many lines: it is a hint, not a patch. */
const mostLines = 40;

/** Lists the places at which two specs differ, one a line, for the message about fields that may not change. */
export function differences(before: object, after: object): string {
  const lines: string[] = [];
  collect('', before, after, lines);
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `  … ${more} more lines`].join('\n') : lines.join('\n');
}

function collect(path: string, before: Json, after: Json, lines: string[]): void {
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      collect(path ? `${path}.${key}` : key, before[key], after[key], lines);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let i = 0; i < length; i++) collect(`${path}[${i}]`, before[i], after[i], lines);
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    if (before !== undefined) lines.push(`- ${path}: ${JSON.stringify(before)}`);
    if (after !== undefined) lines.push(`+ ${path}: ${JSON.stringify(after)}`);
  }
}
