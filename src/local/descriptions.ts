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
  let generated: string;
  try {
    generated = join(dirname(createRequire(from).resolve('@kubernetes/client-node')), 'gen');
  } catch {
    return undefined;
  }
  const models = join(generated, 'models');
  return ({ group, version, goName }) => {
    const request = requests[goName];
    if (request) return requestIn(generated, request);
    const short = capital(version) + goName;
    // Types of one name in several groups are told apart by the group's first word.
    const qualified = capital((group || 'core').split('.')[0]!) + short;
    const source = read(join(models, `${qualified}.d.ts`)) ?? read(join(models, `${short}.d.ts`));
    return source === undefined ? undefined : describedBy(source);
  };
}

/** Options of requests are no models: their fields are the parameters of a method that takes all of them. */
const requests: Record<string, string> = table({
  ListOptions: 'ListNamespacedPod',
  CreateOptions: 'CreateNamespacedPod',
  PatchOptions: 'PatchNamespacedPod',
  PodLogOptions: 'ReadNamespacedPodLog',
});

const entities: Record<string, string> = table({ '#39': "'", quot: '"', '#x60': '`' });

function requestIn(generated: string, name: string): Described {
  const methods = read(join(generated, 'types', 'ObjectParamAPI.d.ts')) ?? '';
  const start = methods.indexOf(`export interface CoreV1Api${name}Request`);
  const fields: Record<string, string> = table({});
  for (const [, text = '', field = ''] of methods
    .slice(start, methods.indexOf('\n}', start))
    .matchAll(/\/\*\*\n\s*\* (.*?)\n\s*\* Defaults to: .*?\*\/\n\s+_?(\w+)\??:/gs))
    fields[field] = text.replace(/\\?&(#39|quot|#x60);/g, (_, name: string) => entities[name] ?? '');
  return { fields };
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
