import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export interface Source {
  /** Relative to the repository, with forward slashes. */
  path: string;
  text: string;
}

/** The TypeScript files below a folder of the repository, tests left out unless asked for. */
export const sources = (folder: string, { tests = false } = {}): Source[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .filter((entry) => tests || !/\.test\.tsx?$|testing/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));

export interface Import {
  specifier: string;
  /** Erased at run time. */
  typeOnly: boolean;
  /** Loaded when it is asked for. */
  isDynamic?: true;
}

/** Static and dynamic imports and re-exports. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s)?([^'";]*?)from\s+'([^']+)'/gm))
    found.push({ typeOnly: Boolean(match[1]) || areTypes(match[2]!), specifier: match[3]! });
  for (const match of text.matchAll(/^import\s+'([^']+)'/gm))
    found.push({ typeOnly: false, specifier: match[1]! });
  for (const match of text.matchAll(/\bimport\(\s*'([^']+)'/g))
    found.push({ typeOnly: false, isDynamic: true, specifier: match[1]! });
  return found;
}

/** `{ type A, type B }` */
const areTypes = (names: string): boolean => /^\s*\{(\s*type\s+[^,}]+,?)+\s*\}\s*$/.test(names);
