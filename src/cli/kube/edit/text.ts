import { isDeepStrictEqual } from 'node:util';
import { documentsIn } from '../manifests.ts';

/** Why a text has to be edited again. */
export interface Reason {
  head: string;
  causes: string[];
}

/** The lines that stand above what is edited. */
export function headerOf(reasons: Reason[]): string {
  const lines = [
    "Please edit the object below. Lines beginning with a '#' will be ignored,",
    'and an empty file will abort the edit. If an error occurs while saving this file will be',
    'reopened with the relevant failures.',
    '',
    ...reasons.flatMap(({ head, causes }) => [
      causes.length ? `${head}:` : head,
      ...causes.map((cause) => `* ${cause}`),
      '',
    ]),
  ];
  const commented = lines.map((line) => line.replaceAll(/\n(?!#)/g, '\n# '));
  return commented
    .map((line) => `# ${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}

/** The same text without the lines that say something about it. */
export const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s*#(?!!)/.test(line))
    .join('\n');

/** True for a text with nothing but comments. */
export const isEmpty = (text: string): boolean => !/^\s*[^\s#]/m.test(text);

/** Compares what two texts say; texts that say nothing readable are compared as they stand. */
export function saysTheSame(one: string, other: string): boolean {
  const values = [one, other].map(valueIn);
  return values.every((value) => value !== unreadable)
    ? isDeepStrictEqual(values[0], values[1])
    : withoutComments(one) === withoutComments(other);
}

const unreadable = Symbol('unreadable');

function valueIn(text: string): unknown {
  try {
    return documentsIn(text, 'edited-file');
  } catch {
    return unreadable;
  }
}
