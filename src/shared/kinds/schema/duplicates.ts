/** Finds keys that stand twice in one object of a JSON text, which parsing has already forgotten. */
import { pathText } from './structural.ts';

const mostProblems = 100;

/**
 * Returns what decoding dropped, in the order of the text: `duplicate field "metadata.name"` for a key that stands
 * twice, and the unknown fields, up to 100. Nobody looks for repetitions below an unknown field.
 * @param text valid JSON.
 * @param parsed what parsing made of it: makes the usual answer, none, cheap.
 * @param unknown `unknown field "spec.containerz"`, as decodeObject reports them.
 */
export function problemsInOrder(text: string, parsed: unknown, unknown: string[]): string[] {
  if (countKeysOf(parsed) === countKeysIn(text)) return unknown;
  const dropped = new Set(unknown);
  const problems = new Set<string>();
  const path: (string | number)[] = [];
  const open: Level[] = [];
  for (let i = 0; i < text.length && problems.size < mostProblems; i++) {
    const level = open.at(-1);
    switch (text[i]) {
      case '{':
      case '[': {
        const isUnknown = level?.isUnknown || level?.atUnknown;
        open.push({ isUnknown, ...(text[i] === '{' && { keys: new Set() }) });
        path.push(text[i] === '{' ? '' : 0);
        break;
      }
      case '}':
      case ']':
        open.pop();
        path.pop();
        break;
      case ',':
        if (level && !level.keys) path[path.length - 1] = (path.at(-1) as number) + 1;
        break;
      case '"': {
        const end = endOfString(text, i);
        if (level?.keys && isKey(text, end)) {
          path[path.length - 1] = JSON.parse(text.slice(i, end)) as string;
          const problem = level.isUnknown ? undefined : problemAt(level, path, dropped);
          if (problem) problems.add(problem);
        }
        i = end - 1;
      }
    }
  }
  return [...new Set([...problems, ...dropped])].slice(0, mostProblems);
}

/** An open object or list. */
interface Level {
  /** Keys so far; none for a list. */
  keys?: Set<string>;
  /** It is, or is within, a field that nobody knows. */
  isUnknown: boolean | undefined;
  /** So is what is being read of it. */
  atUnknown?: boolean;
}

function problemAt(level: Level, path: (string | number)[], dropped: Set<string>): string | undefined {
  const where = JSON.stringify(pathText(path));
  const key = path.at(-1) as string;
  const isRepeated = level.keys!.has(key);
  level.keys!.add(key);
  level.atUnknown = dropped.has(`unknown field ${where}`);
  if (level.atUnknown) return `unknown field ${where}`;
  return isRepeated ? `duplicate field ${where}` : undefined;
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
