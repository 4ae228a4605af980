import { readdirSync, statSync } from 'node:fs';
import { extname, join, resolve as resolvePath } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { table } from '../../shared/meta/table.ts';
import { readInput } from '../readInput.ts';
import type { Io, Option } from '../verb.ts';
import { apiVersionOf, type Resource } from './discovery.ts';
import type { KubeObject } from './objects.ts';

/** One object of a file, ready to be sent. */
export interface Manifest {
  resource: Resource;
  /** Undefined for what has none. */
  namespace: string | undefined;
  object: KubeObject;
  /** The file, address or STDIN it stands in. */
  source: string;
}

export const fileOptions: Record<string, Option> = table({
  filename: {
    type: 'string',
    short: 'f',
    multiple: true,
    value: 'FILE',
    help: 'file, folder, URL or - (stdin) with objects; may be repeated',
  },
  recursive: { type: 'boolean', short: 'R', help: 'process folders recursively' },
});

/** A text, and where it comes from. */
export interface Text {
  source: string;
  text: string;
}

/** Returns what stands in files, folders, at addresses and in the standard input, in order. */
async function readTexts(names: string[], recursive: boolean, io: Io): Promise<Text[]> {
  const texts: Text[] = [];
  for (const name of names) {
    if (name === '-') texts.push({ source: 'STDIN', text: await io.input() });
    else if (/^https?:\/\//.test(name)) texts.push({ source: name, text: await download(name) });
    else for (const file of filesAt(name, recursive, io.cwd)) texts.push(file);
  }
  return texts;
}

async function download(address: string): Promise<string> {
  const response = await fetch(address, { signal: AbortSignal.timeout(30_000) }).catch((error) => {
    throw new Error(`unable to read URL "${address}": ${error.cause?.message ?? error.message}`);
  });
  if (!response.ok)
    throw new Error(
      `unable to read URL "${address}", server reported ${response.status} ${response.statusText}, status code=${response.status}`,
    );
  return response.text();
}

function filesAt(name: string, recursive: boolean, cwd: string): Text[] {
  const path = resolvePath(cwd, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new Error(`the path "${name}" does not exist`);
  if (!stat.isDirectory()) return [{ source: name, text: readInput(path).toString() }];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = join(name, entry.name);
      if (entry.isDirectory()) return recursive ? filesAt(inside, true, cwd) : [];
      const fits = ['.json', '.yaml', '.yml'].includes(extname(entry.name));
      return fits ? [{ source: inside, text: readInput(resolvePath(cwd, inside)).toString() }] : [];
    });
}

/** Returns the objects of one text: every document, and every item of a List. Throws when it is no YAML or no object. */
export const objectsIn = ({ source, text }: Text): KubeObject[] =>
  documentsIn(text, source).flatMap((value) => itemsOf(value as KubeObject, source));

/** Returns what each document of a text says; empty ones are left out. Throws when it is no YAML. */
export function documentsIn(text: string, source: string): unknown[] {
  const documents = parseAllDocuments(text, { version: '1.1', logLevel: 'silent', uniqueKeys: false });
  if ('empty' in documents) return [];
  return documents.flatMap((document) => {
    if (document.errors[0])
      throw new Error(
        `error parsing ${source}: ${document.errors[0].message.split('\n')[0]!.replace(/:$/, '')}`,
      );
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    return value === null ? [] : [value];
  });
}

/** The objects of a List, or the one that it is. Throws in kubectl's words. */
export function itemsOf(value: KubeObject, source: string): KubeObject[] {
  const missing = ['apiVersion', 'kind'].filter((field) => !(value as Record<string, unknown>)[field]);
  if (typeof value !== 'object' || missing.length)
    throw new Error(
      `error validating "${source}": error validating data: [${missing.map((field) => `${field} not set`).join(', ')}]; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  const isList = value.kind!.endsWith('List') && Array.isArray(value.items);
  return isList ? (value.items as KubeObject[]).flatMap((item) => itemsOf(item, source)) : [value];
}

export interface Read {
  manifests: Manifest[];
  /** Is what cannot be sent, and why; the rest can. */
  problems: Error[];
}

/** Says where objects go. */
export interface Place {
  resources: Resource[];
  /** For objects that say none. */
  namespace: string;
  /** Objects may not say another. */
  enforced: boolean;
}

/** Every object of the files asked for, with where it goes. */
export async function readManifests(
  names: string[],
  recursive: boolean,
  io: Io,
  place: Place,
): Promise<Read> {
  const texts = await readTexts(names, recursive, io);
  const parts = texts.map((text) => placed(objectsIn(text), text.source, place));
  const read = {
    manifests: parts.flatMap(({ manifests }) => manifests),
    problems: parts.flatMap(({ problems }) => problems),
  };
  if (!texts.length)
    throw new Error(`error reading [${names.join(' ')}]: recognized file extensions are [.json .yaml .yml]`);
  if (!read.manifests.length && !read.problems.length) throw new Error('no objects passed to apply');
  return read;
}

/** Objects with where they go. */
export function placed(objects: KubeObject[], source: string, place: Place): Read {
  const read: Read = { manifests: [], problems: [] };
  for (const object of objects) {
    const one = placeOne(object, source, place);
    if (one instanceof Error) read.problems.push(one);
    else read.manifests.push(one);
  }
  return read;
}

function placeOne(
  object: KubeObject,
  source: string,
  { resources, namespace, enforced }: Place,
): Manifest | Error {
  const { apiVersion, kind } = object;
  const metadata = object.metadata ?? {};
  const resource = resources.find((r) => r.kind === kind && apiVersionOf(r) === apiVersion);
  if (!resource)
    return new Error(
      `resource mapping not found for name: "${metadata.name ?? ''}" namespace: "${metadata.namespace ?? ''}" from "${source}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
    );
  if (!metadata.name)
    return new Error(
      `error when retrieving current configuration of "${source}": resource name may not be empty`,
    );
  if (!resource.namespaced) return { resource, namespace: undefined, object, source };
  if (enforced && metadata.namespace && metadata.namespace !== namespace)
    return new Error(
      `the namespace from the provided object "${metadata.namespace}" does not match the namespace "${namespace}". You must pass '--namespace=${metadata.namespace}' to perform this operation.`,
    );
  const own = metadata.namespace ?? namespace;
  return {
    resource,
    namespace: own,
    object: { ...object, metadata: { ...metadata, namespace: own } },
    source,
  };
}
