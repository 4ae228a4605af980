import { readFileSync } from 'node:fs';

/** Returns what a file of this machine says; nothing where it cannot be read. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
