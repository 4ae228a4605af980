/** Swagger documents of other servers in the one of this. */

import { createHash } from 'node:crypto';
import { isSame } from '../../../kinds/validation/same.ts';
import { isObject } from '../../../meta/isObject.ts';

type Json = Record<string, unknown>;

/** Is as much of a Swagger document as one version of a group has: its operations, and what they speak of. */
export interface SwaggerPart {
  readonly paths: Json;
  readonly definitions: Json;
  /** Names the content. */
  readonly fingerprint: string;
}

/** Returns the part below a path of a document; a server says only of its own versions what it serves. */
export function partOf(document: unknown, below: string): SwaggerPart | undefined {
  const { paths, definitions } = (document ?? {}) as { paths?: Json; definitions?: Json };
  if (!isObject(paths)) return undefined;
  const own = Object.fromEntries(
    Object.entries(paths).filter(([path]) => path === below || path.startsWith(`${below}/`)),
  );
  const used = reachable(own, isObject(definitions) ? definitions : {});
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([own, used]))
    .digest('hex');
  return { paths: own, definitions: used, fingerprint };
}

/** Adds the parts to a document; where a definition of the name is another one, theirs gets a number, as upstream. */
export function withParts<T extends { paths: Json; definitions: Json }>(
  document: T,
  parts: readonly SwaggerPart[],
): T {
  let { paths, definitions } = document;
  for (const part of parts) {
    const names = new Map<string, string>();
    for (const [name, definition] of Object.entries(part.definitions)) {
      const free = nameFor(name, definition, definitions);
      if (free !== name) names.set(name, free);
    }
    const renamed = (value: unknown) => (names.size > 0 ? withNames(value, names) : value);
    const added = Object.entries(part.definitions).map(([name, definition]): [string, unknown] => [
      names.get(name) ?? name,
      renamed(definition),
    ]);
    definitions = { ...Object.fromEntries(added), ...definitions };
    paths = { ...(renamed(part.paths) as Json), ...paths };
  }
  return { ...document, paths: sorted(paths), definitions: sorted(definitions) };
}

/** The name itself where nobody has it, or somebody for the same. */
function nameFor(name: string, definition: unknown, taken: Json): string {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name}_v${number}`;
    if (!Object.hasOwn(taken, tried) || isSame(plain(taken[tried]), plain(definition))) return tried;
  }
}

/** Kinds that share a definition differ in their names only. */
function plain(definition: unknown): unknown {
  if (!isObject(definition)) return definition;
  const { 'x-kubernetes-group-version-kind': _kinds, ...rest } = definition;
  return rest;
}

const prefix = '#/definitions/';

/** The definitions that these operations lead to. */
function reachable(paths: Json, definitions: Json): Json {
  const found = new Map<string, unknown>();
  const waiting: unknown[] = [paths];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop())
    for (const name of namesIn(value))
      if (!found.has(name) && Object.hasOwn(definitions, name)) {
        found.set(name, definitions[name]);
        waiting.push(definitions[name]);
      }
  return Object.fromEntries(found);
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' && inner.startsWith(prefix)
      ? [inner.slice(prefix.length)]
      : namesIn(inner),
  );
}

function withNames(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withNames(item, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const other =
        key === '$ref' && typeof inner === 'string' ? names.get(inner.slice(prefix.length)) : undefined;
      return [key, other === undefined ? withNames(inner, names) : `${prefix}${other}`];
    }),
  );
}

const sorted = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
