/** The OpenAPI v3 documents: one index, and one document for each group and version. Built when first asked for. */
import { createHash } from 'node:crypto';
import { release } from '../../kinds/schema/facts.ts';
import { jsonText } from '../../meta/jsonText.ts';
import { Recent } from '../../meta/recent.ts';
import { atOnce, type Steps } from '../../meta/steps.ts';
import type { Descriptions } from './descriptions.ts';
import { withWords } from './parameterWords.ts';
import { commonTypes, type DescribedKind, type PathItem, pathsOf, rootOf, spokenTypes } from './paths.ts';
import { schemasOf } from './schemas.ts';
import type { V3Document } from './v2/convert.ts';

/** Is the OpenAPI document of one group and version, made when its body is first asked for. */
export interface Document {
  /** JSON, made in steps: a group may have thousands of kinds. */
  body(): Steps<Uint8Array>;
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

const byPath = new WeakMap<readonly DescribedKind[], ReadonlyMap<string, DescribedKind[]>>();

/** Looks at each kind once for each list of them: a definition may have thousands of versions. */
function kindsByPath(kinds: readonly DescribedKind[]): ReadonlyMap<string, DescribedKind[]> {
  const found = byPath.get(kinds) ?? Map.groupBy(kinds, (kind) => rootOf(kind).slice(1));
  byPath.set(kinds, found);
  return found;
}

/** `api/v1`, `apis/apps/v1`, …: what the index lists and what follows /openapi/v3/ in a request. Sorted. */
export const openapiPaths = (kinds: readonly DescribedKind[]): string[] =>
  [...kindsByPath(kinds).keys()].sort();

/**
 * @param path as openapiPaths gives it.
 * @returns undefined when no kind is served there.
 */
export function openapiDocument(
  path: string,
  kinds: readonly DescribedKind[],
  describe?: Descriptions,
): Document | undefined {
  const own = kindsByPath(kinds).get(path);
  const first = own?.[0];
  if (!first) return undefined;
  const cache = cacheFor(describe);
  const known = cache.get(first);
  if (known && isSameList(known.kinds, own)) return known.document;
  const document = documentOf(own, describe);
  cache.set(first, { kinds: own, document });
  return document;
}

/** Returns what a document of Swagger has of one path; nothing of it is kept. */
export const openapiParts = (
  path: string,
  kinds: readonly DescribedKind[],
  describe?: Descriptions,
): Steps<V3Document> => build(kindsByPath(kinds).get(path) ?? [], describe);

const isSameList = (a: readonly DescribedKind[], b: readonly DescribedKind[]) =>
  a.length === b.length && a.every((kind, i) => kind === b[i]);

/** Bytes. Documents of custom kinds come and go, and there may be thousands. */
const kept = new Recent(64 * 1024 * 1024);

/** What is built in is hashed by its bytes; what comes and goes by what it is made of, so that an index needs no bytes. */
function documentOf(kinds: DescribedKind[], describe: Descriptions | undefined): Document {
  let made: Uint8Array | undefined;
  const holder = {
    forget: () => {
      made = undefined;
    },
  };
  const prints = kinds.map(({ schema: { fingerprint } }) => fingerprint);
  const isCustom = prints.every((print) => print);
  function* body(): Steps<Uint8Array> {
    if (made) return made;
    const bytes = Buffer.from(yield* jsonText(yield* build(kinds, describe)));
    if (isCustom) kept.keeps(holder, bytes.length);
    made = bytes;
    return bytes;
  }
  const hash = createHash('sha512')
    .update(isCustom ? prints.join() : atOnce(body()))
    .digest('hex')
    .toUpperCase();
  // What holds the bytes lives as long as the document.
  return Object.assign(holder, { body, hash });
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

function* build(kinds: DescribedKind[], describe: Descriptions | undefined): Steps<V3Document> {
  const tell = describe ? withWords(describe) : (item: PathItem) => item;
  const paths: V3Document['paths'] = {};
  for (const kind of kinds) {
    for (const [path, item] of pathsOf(kind)) paths[path] = tell(item);
    yield;
  }
  const types = [...commonTypes, ...kinds.flatMap(spokenTypes)];
  const schemas = yield* schemasOf(
    types,
    kinds.map(({ schema }) => schema),
    describe,
  );
  const info = { title: 'Kubernetes', version: release };
  return { openapi: '3.0.0', info, paths, components: { schemas } };
}
