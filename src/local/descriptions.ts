import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Described, Descriptions } from '../shared/api/openapi/descriptions.ts';
import { table } from '../shared/meta/table.ts';
import { openPacked } from './packedDescriptions.ts';

/**
 * Returns what the fields of the API are for: from the file that the npm package carries, in a checkout from the
 * comments in
 * @kubernetes/client-node; undefined where there is neither.
 */
export const openDescriptions = (from = import.meta.url): Descriptions | undefined =>
  openPacked(from) ?? describedByComments(from);

/** From the comments in @kubernetes/client-node. A file is read when its type is first asked for. */
export function describedByComments(from = import.meta.url): Descriptions | undefined {
  let models: string;
  try {
    models = join(dirname(createRequire(from).resolve('@kubernetes/client-node')), 'gen', 'models');
  } catch {
    return undefined;
  }
  return ({ group, version, goName }) => {
    const short = capital(version) + goName;
    // Types of one name in several groups are told apart by the group's first word.
    const qualified = capital((group || 'core').split('.')[0]!) + short;
    const source = read(join(models, `${qualified}.d.ts`)) ?? read(join(models, `${short}.d.ts`));
    return source === undefined ? undefined : describedBy(source);
  };
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const comment = String.raw`/\*\*\n\s*\* ([^]*?)\n\s*\*/\n`;
const ofClass = new RegExp(`${comment}export declare class`);
const ofField = new RegExp(String.raw`${comment}\s+'([\w$-]+)'\??:`, 'g');

/** The comments of one generated class. Exported for its test. */
export function describedBy(source: string): Described {
  const start = source.indexOf('export declare class');
  const fields: Record<string, string> = table({});
  for (const [, text = '', name = ''] of source.slice(start).matchAll(ofField))
    fields[name.replace(/^_/, '')] = plain(text);
  const before = source.slice(source.lastIndexOf('/**', start));
  const text = ofClass.exec(before)?.[1];
  return { ...(text && { text: plain(text) }), fields };
}

/** As it was before it became a comment. */
const plain = (text: string) => text.replace(/\n\s*\* ?/g, '\n').replace(/\\(['"])/g, '$1');
