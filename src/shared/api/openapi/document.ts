/** The OpenAPI v3 documents: one index, and one document for each group and version. Built when first asked for. */
import { createHash } from 'node:crypto';
import { release } from '../../kinds/schema/facts.ts';
import type { Descriptions } from './descriptions.ts';
import { commonTypes, type DescribedKind, pathsOf, rootOf, spokenTypes } from './paths.ts';
import { schemasOf } from './schemas.ts';

export interface Document {
  /** JSON. */
  body: Uint8Array;
  /** Of the bytes, as the index and the ETag show it: 128 hexadecimal digits. */
  hash: string;
}

/** A list of kinds never changes; another list is another array. */
type Cache = WeakMap<readonly DescribedKind[], Map<string, Document>>;
const undescribed: Cache = new WeakMap();
const described = new WeakMap<Descriptions, Cache>();

function cacheFor(describe: Descriptions | undefined): Cache {
  if (!describe) return undescribed;
  const cache = described.get(describe) ?? new WeakMap();
  described.set(describe, cache);
  return cache;
}

/** `api/v1`, `apis/apps/v1`, …: what the index lists and what follows /openapi/v3/ in a request. Sorted. */
export const openapiPaths = (kinds: readonly DescribedKind[]): string[] =>
  [...new Set(kinds.map((k) => rootOf(k).slice(1)))].sort();

/**
 * @param path as openapiPaths gives it.
 * @returns undefined when no kind is served there.
 */
export function openapiDocument(
  path: string,
  kinds: readonly DescribedKind[],
  describe?: Descriptions,
): Document | undefined {
  const cache = cacheFor(describe);
  let documents = cache.get(kinds);
  if (!documents) {
    documents = new Map();
    cache.set(kinds, documents);
  }
  const known = documents.get(path);
  if (known) return known;
  const own = kinds.filter((k) => rootOf(k).slice(1) === path);
  if (own.length === 0) return undefined;
  const body = Buffer.from(JSON.stringify(build(own, describe)));
  const document = { body, hash: createHash('sha512').update(body).digest('hex').toUpperCase() };
  documents.set(path, document);
  return document;
}

/**
 * Paths as at the root: clients set the path of their server's address before those that begin with /openapi/v3, and
 * take all others as they are, without the stage of a gateway that we do not see.
 */
export function openapiIndex(kinds: readonly DescribedKind[], describe?: Descriptions): Uint8Array {
  const paths = openapiPaths(kinds).map((path) => {
    const { hash } = openapiDocument(path, kinds, describe)!;
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
  });
  return Buffer.from(JSON.stringify({ paths: Object.fromEntries(paths) }));
}

function build(kinds: DescribedKind[], describe: Descriptions | undefined): object {
  const types = [...commonTypes, ...kinds.flatMap(spokenTypes)];
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: release },
    paths: Object.fromEntries(kinds.flatMap(pathsOf)),
    components: {
      schemas: schemasOf(
        types,
        kinds.map(({ schema }) => schema),
        describe,
      ),
    },
  };
}
