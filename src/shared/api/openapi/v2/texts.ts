/** The Swagger document of all kinds, put together of texts: of thousands of kinds it has a hundred megabytes. */
import { createHash } from 'node:crypto';
import { release } from '../../../kinds/schema/facts.ts';
import type { Steps } from '../../../meta/steps.ts';
import type { Descriptions } from '../descriptions.ts';
import { openapiParts, openapiPaths } from '../document.ts';
import type { DescribedKind } from '../paths.ts';
import { type SwaggerOf, swaggerOf } from './convert.ts';
import { type SwaggerPart, withParts } from './merge.ts';

/** Is a document whose paths and definitions are JSON, by their names, sorted. */
export interface SwaggerTexts {
  swagger: string;
  info: { title: string; version: string };
  paths: ReadonlyMap<string, string>;
  definitions: ReadonlyMap<string, string>;
}

/** Returns the document of these kinds, with the parts of other servers. */
export function* swaggerTexts(
  kinds: readonly DescribedKind[],
  words: Descriptions | undefined,
  parts: readonly SwaggerPart[],
): Steps<SwaggerTexts> {
  const paths = new Map<string, string>();
  const definitions = new Map<string, string>();
  for (const path of openapiPaths(kinds)) {
    const own = swaggerOf(yield* openapiParts(path, kinds, words));
    yield;
    put(own.paths, paths);
    put(own.definitions, definitions);
    yield;
  }
  const info = { title: 'Kubernetes', version: release };
  const all = { swagger: '2.0', info, paths: sorted(paths), definitions: sorted(definitions) };
  return parts.length > 0 ? withOthers(all, parts) : all;
}

function put(values: Record<string, unknown>, texts: Map<string, string>): void {
  for (const name in values) texts.set(name, JSON.stringify(values[name]));
}

const sorted = (texts: Map<string, string>): Map<string, string> =>
  new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));

function withOthers(own: SwaggerTexts, parts: readonly SwaggerPart[]): SwaggerTexts {
  const values: SwaggerOf = { paths: parsed(own.paths), definitions: parsed(own.definitions) };
  const { paths, definitions } = withParts(values, parts);
  return { ...own, paths: written(paths), definitions: written(definitions) };
}

const parsed = (texts: ReadonlyMap<string, string>): Record<string, unknown> =>
  Object.fromEntries([...texts].map(([name, json]) => [name, JSON.parse(json)]));

function written(values: Record<string, unknown>): Map<string, string> {
  const texts = new Map<string, string>();
  put(values, texts);
  return texts;
}

/** Characters that are written in one step. */
const atOnce = 256 * 1024;

/** Writes the document as JSON.stringify would. */
export function* swaggerJson({ swagger, info, paths, definitions }: SwaggerTexts): Steps<Json> {
  const hash = createHash('sha512');
  const pieces: Buffer[] = [];
  let text = `${JSON.stringify({ swagger, info }).slice(0, -1)},"paths":{`;
  const flush = () => {
    const piece = Buffer.from(text);
    hash.update(piece);
    pieces.push(piece);
    text = '';
  };
  function* members(texts: ReadonlyMap<string, string>): Steps<void> {
    let isFirst = true;
    for (const [name, json] of texts) {
      text += `${isFirst ? '' : ','}${JSON.stringify(name)}:${json}`;
      isFirst = false;
      if (text.length < atOnce) continue;
      flush();
      yield;
    }
  }
  yield* members(paths);
  text += '},"definitions":{';
  yield* members(definitions);
  text += '}}';
  flush();
  return { bytes: Buffer.concat(pieces), hash: hash.digest('hex').toUpperCase() };
}

/** Is a document as it is sent, with its hash. */
export interface Json {
  bytes: Buffer;
  hash: string;
}
