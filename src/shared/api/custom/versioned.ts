/**
 * Objects of a custom kind are stored in the version that its definition says, and shown in the version that is asked
 * for. What is stored by another version or by an earlier state of the definition is brought up to date as it is read:
 * fields that are gone are dropped, new defaults are filled in. Everything else is copied without being parsed.
 */
import { ApiError } from '../../errors/apiError.ts';
import type { Definition } from '../../kinds/custom/definition.ts';
import { schemaOf } from '../../kinds/custom/kindsOf.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Build, Index, Storage, Stored } from '../../ports/storage.ts';
import { parseJson } from '../served.ts';

/** Beside the selectable fields stands by which state of the definition an object was written. No selector has it. */
const marker = '#schema';

/** Objects that would be stored differently today, although they look the same. */
const outdated = new WeakSet<Stored>();

/** Whether a write that changes nothing still has to be written: how versions are migrated. */
export const isOutdated = (stored: Stored): boolean => outdated.has(stored);

/** The storage as one version of a definition sees it. */
export function versionsOf(storage: Storage, definition: Definition, kind: Kind): Storage {
  const { storageVersion, names, group, versions, conversion } = definition;
  const prefixOf = (version: string) =>
    Buffer.from(
      `${JSON.stringify({ kind: names.kind, apiVersion: apiVersionOf({ group, version }) }).slice(0, -1)},`,
    );
  const own = prefixOf(kind.version);
  const kept = prefixOf(storageVersion);
  const schemas = new Map<string, ObjectSchema>();
  const schemaFor = (version: string): ObjectSchema | undefined => {
    const found = versions.find(({ name }) => name === version);
    const schema = schemas.get(version) ?? (found && schemaOf(definition, found));
    if (schema) schemas.set(version, schema);
    return schema;
  };
  const current = schemaFor(storageVersion)?.fingerprint;

  const show = (stored: Stored): Stored => {
    const isCurrent = stored.index.fields?.[marker] === current && startsWith(stored.value, kept);
    if (isCurrent && kind.version === storageVersion) return stored;
    if (isCurrent && conversion === 'None') return { ...stored, value: swapped(stored.value, kept, own) };
    const shown = { ...stored, ...upToDate(stored) };
    outdated.add(shown);
    return shown;
  };

  const upToDate = (stored: Stored): Pick<Stored, 'value' | 'index'> => {
    const raw = parseJson(stored.value);
    const version = raw.apiVersion?.split('/')[1] ?? storageVersion;
    if (version !== kind.version && conversion === 'Webhook') throw notConverted(kind, version);
    const schema = schemaFor(version) ?? kind.schema;
    const {
      kind: _kind,
      apiVersion: _version,
      metadata: _metadata,
      ...content
    } = schema.withDefaults(schema.decode(raw));
    const object: AnyObject = {
      kind: kind.kind,
      apiVersion: apiVersionOf(kind),
      metadata: raw.metadata,
      ...content,
    };
    const fields = fieldsOf(object);
    return {
      value: Buffer.from(JSON.stringify(object)),
      index: { ...stored.index, ...(fields && { fields }) },
    };
  };

  const fieldsOf = (object: AnyObject): Index['fields'] =>
    kind.selectableFields &&
    Object.fromEntries(Object.entries(kind.selectableFields).map(([path, read]) => [path, read(object)]));

  const keep = (build: Build): Build => {
    if (kind.version === storageVersion) return build;
    if (conversion === 'Webhook') throw notConverted(kind, storageVersion);
    return (revision) => swapped(build(revision), own, kept);
  };
  const marked = (index: Index = {}): Index => ({
    ...index,
    ...(current && { fields: { ...index.fields, [marker]: current } }),
  });

  return {
    ...bound(storage),
    create: async (key, build, index) => show(await storage.create(key, keep(build), marked(index))),
    get: async (key) => {
      const stored = await storage.get(key);
      return stored && show(stored);
    },
    list: async (scope, page) => {
      const listing = await storage.list(scope, page);
      return { ...listing, items: listing.items.map(show) };
    },
    update: async (key, expected, build, index) =>
      show(await storage.update(key, expected, keep(build), marked(index))),
    delete: async (key, expected, last) => show(await storage.delete(key, expected, keep(last))),
    async *watch(scope, since, signal) {
      for await (const change of storage.watch(scope, since, signal)) {
        if (change.type === 'progress') yield change;
        else
          yield {
            ...change,
            object: show(change.object),
            ...(change.previous && { previous: show(change.previous) }),
          };
      }
    },
  };
}

/** What passes through as it is. */
const bound = (storage: Storage) => ({
  owned: storage.owned.bind(storage),
  claims: storage.claims.bind(storage),
  head: storage.head.bind(storage),
  drop: storage.drop.bind(storage),
  close: storage.close.bind(storage),
});

const startsWith = (bytes: Uint8Array, prefix: Buffer): boolean =>
  bytes.length >= prefix.length && prefix.equals(bytes.subarray(0, prefix.length));

/** The bytes with another beginning. */
const swapped = (bytes: Uint8Array, from: Buffer, to: Buffer): Buffer =>
  Buffer.concat([to, bytes.subarray(from.length)]);

const notConverted = ({ group, kind }: Kind, from: string) =>
  new ApiError(
    'InternalError',
    `conversion webhook for ${group}/${from}, Kind=${kind} failed: this server does not call conversion webhooks yet`,
  );
