import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Package } from './bundledPackages.ts';

/** The licence texts of packages, one after the other: each text once, after the names of those that it is for. */
export function licencesOf(packages: readonly Package[]): string {
  const byText = new Map<string, string[]>();
  for (const each of packages) {
    const text = textOf(each);
    byText.set(text, [...(byText.get(text) ?? []), `${each.name} ${each.version} (${each.license})`]);
  }
  return [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n\n${line}\n`).join('\n');
}

const line = '-'.repeat(80);

function textOf({ folder }: Package): string {
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
  return file ? readFileSync(join(folder, file), 'utf8').trim() : '';
}
