/** Finds keys that stand twice in one object of a JSON text, which parsing has already forgotten. */
import { pathText } from './structural.ts';

const mostProblems = 100;

/**
 * `duplicate field "metadata.name"` for each repetition, in the order of the text, up to 100.
 * @param text valid JSON.
 * @param parsed what JSON.parse made of it, if at hand: makes the usual answer, none, cheap.
 */
export function findDuplicateFields(text: string, parsed?: unknown): string[] {
  if (parsed !== undefined && countKeysOf(parsed) === countKeysIn(text)) return [];
  const found: string[] = [];
  const path: (string | number)[] = [];
  const open: (Map<string, boolean> | undefined)[] = [];
  for (let i = 0; i < text.length && found.length < mostProblems; i++) {
    const keys = open.at(-1);
    switch (text[i]) {
      case '{':
        open.push(new Map());
        path.push('');
        break;
      case '[':
        open.push(undefined);
        path.push(0);
        break;
      case '}':
      case ']':
        open.pop();
        path.pop();
        break;
      case ',':
        if (!keys) path[path.length - 1] = (path.at(-1) as number) + 1;
        break;
      case '"': {
        const end = endOfString(text, i);
        if (keys && isKey(text, end)) {
          const key = JSON.parse(text.slice(i, end)) as string;
          path[path.length - 1] = key;
          // A third time is not told again.
          if (keys.get(key) === false) found.push(`duplicate field ${JSON.stringify(pathText(path))}`);
          keys.set(key, keys.has(key));
        }
        i = end - 1;
      }
    }
  }
  return found;
}

function countKeysIn(text: string): number {
  let keys = 0;
  for (let i = text.indexOf('"'); i !== -1; i = text.indexOf('"', i)) {
    i = endOfString(text, i);
    if (isKey(text, i)) keys++;
  }
  return keys;
}

/** Without recursion: the nesting of a body is the client's choice. */
function countKeysOf(value: unknown): number {
  let keys = 0;
  const rest = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const inner = Object.values(next);
    if (!Array.isArray(next)) keys += inner.length;
    for (const child of inner) if (typeof child === 'object' && child !== null) rest.push(child);
  }
  return keys;
}

/** Just behind the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
  return slashes % 2 === 1;
}

function isKey(text: string, after: number): boolean {
  let i = after;
  while (text.charCodeAt(i) <= 32) i++;
  return text.charCodeAt(i) === 58;
}
