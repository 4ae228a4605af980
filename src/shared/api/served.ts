import { notFound, type Subject } from '../errors/common.ts';
import { apiVersionOf, type Kind, resourceName } from '../kinds/kind.ts';
import { parseExactJson } from '../meta/integers.ts';
import type { AnyObject } from '../meta/object.ts';
import { table } from '../meta/table.ts';
import type { Key, Storage, Stored } from '../ports/storage.ts';

/** A kind with what every request to it needs, worked out once. */
export interface Served {
  kind: Kind;
  apiVersion: string;
  /** `deployments.apps`: in messages. */
  resource: string;
  /** Resource part of storage keys. */
  storedUnder: string;
  /** Says how stored bytes begin: `{"kind":"Pod","apiVersion":"v1",`. List items are written without it. */
  prefix: Buffer;
  subject(name: string): Subject;
  key(cluster: string, namespace: string, name: string): Key;
  parse(stored: Stored): AnyObject;
  /** The storage as this kind sees it, where that differs: versions of a definition. */
  storage?: Storage;
  /** Its definition is going: nothing is created any more. */
  isClosed?: boolean;
  /** Other kinds that show the same stored objects. */
  equivalents: readonly Kind[];
  /** An object of one of them as another shows it. */
  convert(object: AnyObject, from: Kind, to: Kind): Promise<AnyObject>;
  /** Values of the selectable fields of every kind that shows this stored object. */
  fields(object: AnyObject): Record<string, string> | undefined;
  /** The stored object as this kind's JSON: the stored bytes themselves, unless the kind is a view of another. */
  bytes(stored: Stored): Uint8Array;
}

/** `all` are the kinds it may share its stored objects with. */
export function serve(kind: Kind, all: readonly Kind[]): Served {
  const apiVersion = apiVersionOf(kind);
  const { storedAs, group, plural } = kind;
  const storedUnder = storedAs?.resource ?? resourceName(kind);
  const sharers = all.filter((k) => (k.storedAs?.resource ?? resourceName(k)) === storedUnder);
  const parse = (stored: Stored): AnyObject => {
    const object = parseJson(stored.value);
    return storedAs ? (storedAs.fromStored(object) as AnyObject) : object;
  };
  return {
    kind,
    apiVersion,
    resource: resourceName(kind),
    storedUnder,
    prefix: Buffer.from(`${JSON.stringify({ kind: kind.kind, apiVersion }).slice(0, -1)},`),
    subject: (name) => ({ group, plural, name }),
    key: (cluster, namespace, name) => ({ cluster, resource: storedUnder, namespace, name }),
    parse,
    equivalents: sharers.filter((other) => other !== kind),
    convert: async (object, from, to) => {
      const stored = from.storedAs ? from.storedAs.toStored(object) : object;
      return to.storedAs ? (to.storedAs.fromStored(stored) as AnyObject) : stored;
    },
    fields: fieldsOf(kind, sharers),
    bytes: storedAs ? (stored) => Buffer.from(JSON.stringify(parse(stored))) : (stored) => stored.value,
  };
}

function fieldsOf(kind: Kind, sharers: readonly Kind[]): Served['fields'] {
  if (!sharers.some((k) => k.selectableFields)) return () => undefined;
  return (object) => {
    const stored = kind.storedAs ? kind.storedAs.toStored(object) : object;
    const fields: Record<string, string> = table({});
    for (const { selectableFields, storedAs } of sharers) {
      const view = storedAs ? (storedAs.fromStored(stored) as AnyObject) : stored;
      for (const path in selectableFields) fields[path] = selectableFields[path]!(view);
    }
    return fields;
  };
}

const decoder = new TextDecoder();
/** Parses stored bytes and keeps numbers exact: integers that a JavaScript number cannot hold become bigint. */
export const parseJson = (bytes: Uint8Array): AnyObject => parseExactJson(decoder.decode(bytes)) as AnyObject;

/** Makes the answer 404 that names the resource and the object. */
export const missing = (served: Served, name: string) => notFound(served.subject(name));
