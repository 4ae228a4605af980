import type { Answer } from './case.ts';

type Json = unknown;

/** Where two answers differ: `path: what it is instead of what it should be`. Empty when they are the same. */
export function differencesOf(answer: Answer, wanted: Answer): string[] {
  const found: string[] = [];
  compare('', answer, wanted, found);
  return found;
}

function compare(path: string, got: Json, wanted: Json, found: string[]): void {
  if (Array.isArray(got) && Array.isArray(wanted) && got.length === wanted.length) {
    got.forEach((value, i) => {
      compare(`${path}[${i}]`, value, wanted[i], found);
    });
  } else if (isObject(got) && isObject(wanted)) {
    for (const key of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
      compare(path ? `${path}.${key}` : key, got[key], wanted[key], found);
    }
  } else if (got !== wanted && JSON.stringify(got) !== JSON.stringify(wanted)) {
    found.push(`${path}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
  }
}

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
