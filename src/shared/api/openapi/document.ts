/** The OpenAPI v3 documents: one index, and one document for each group and version. Built when first asked for. */
import { createHash } from 'node:crypto';
import { release } from '../../kinds/schema/facts.ts';
import type { Descriptions } from './descriptions.ts';
import { withWords } from './parameterWords.ts';
import { commonTypes, type DescribedKind, type PathItem, pathsOf, rootOf, spokenTypes } from './paths.ts';
import { schemasOf } from './schemas.ts';

/** Is the OpenAPI document of one group and version, made when its body is first asked for. */
export interface Document {
  /** JSON. */
  body(): Uint8Array;
  /** As the index and the ETag show it: 128 hexadecimal digits. */
  hash: string;
}

/** By the first kind of a document: the kinds that it was made of, which never change themselves. */
type Cache = WeakMap<DescribedKind, { kinds: readonly DescribedKind[]; document: Document }>;
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
  const own = kinds.filter((k) => rootOf(k).slice(1) === path);
  const first = own[0];
  if (!first) return undefined;
  const cache = cacheFor(describe);
  const known = cache.get(first);
  if (known && isSameList(known.kinds, own)) return known.document;
  const document = documentOf(own, describe);
  cache.set(first, { kinds: own, document });
  return document;
}

const isSameList = (a: readonly DescribedKind[], b: readonly DescribedKind[]) =>
  a.length === b.length && a.every((kind, i) => kind === b[i]);

/** What is built in is hashed by its bytes; what comes and goes by what it is made of, so that an index needs no bytes. */
function documentOf(kinds: DescribedKind[], describe: Descriptions | undefined): Document {
  let made: Uint8Array | undefined;
  const body = () => {
    made ??= Buffer.from(JSON.stringify(build(kinds, describe)));
    return made;
  };
  const prints = kinds.map(({ schema: { fingerprint } }) => fingerprint);
  const hash = createHash('sha512')
    .update(prints.every((print) => print) ? prints.join() : body())
    .digest('hex')
    .toUpperCase();
  return { body, hash };
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
  const tell = describe ? withWords(describe) : (item: PathItem) => item;
  const types = [...commonTypes, ...kinds.flatMap(spokenTypes)];
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: release },
    paths: Object.fromEntries(kinds.flatMap(pathsOf).map(([path, item]) => [path, tell(item)])),
    components: {
      schemas: schemasOf(
        types,
        kinds.map(({ schema }) => schema),
        describe,
      ),
    },
  };
}
