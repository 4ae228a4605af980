import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Package } from './bundledPackages.ts';

/** The licence texts of packages, one after the other. */
export const licencesOf = (packages: readonly Package[]): string => packages.map(entry).join('\n');

function entry({ folder, name, version, license }: Package): string {
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
  return `${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}
