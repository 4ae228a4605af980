/**
 * Objects of a custom kind are stored in the version that its definition says, and shown in the version that is asked
 * for. What is stored by another version or by an earlier state of the definition is brought up to date as it is read:
 * fields that are gone are dropped, new defaults are filled in. Everything else is copied without being parsed.
 */
import type { Definition } from '../../kinds/custom/definition.ts';
import { haveSameSchema, schemaOf, selectableOf } from '../../kinds/custom/kindsOf.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Turn } from '../../meta/steps.ts';
import type { Build, Index, Storage, Stored } from '../../ports/storage.ts';
import { withValue } from '../../ports/withValue.ts';
import { parseJson } from '../served.ts';
import { buildOf } from '../write/bytes.ts';
import { type Ask, converted } from './convert.ts';
import { upToDate } from './upToDate.ts';

/** Beside the selectable fields stands by which state of the definition an object was written. No selector has it. */
const marker = '#schema';

/** Objects that would be stored differently today, although they look the same. */
const outdated = new WeakSet<Stored>();

/** Returns whether a write that changes nothing still has to be written: how versions are migrated. */
export const isOutdated = (stored: Stored): boolean => outdated.has(stored);

const known = new WeakMap<Definition, ReadonlyMap<string, ObjectSchema>>();

/** The schemas of all versions, which these share: there may be thousands. */
function schemasOf(definition: Definition): ReadonlyMap<string, ObjectSchema> {
  const found =
    known.get(definition) ??
    new Map(definition.versions.map((version) => [version.name, schemaOf(definition, version)]));
  known.set(definition, found);
  return found;
}

/** The storage as one version of a definition sees it. */
export function versionsOf(
  storage: Storage,
  definition: Definition,
  kind: Kind,
  ask: Ask | undefined,
  turn?: Turn,
): Storage {
  const { storageVersion, versions, conversion } = definition;
  const own = prefixOf(definition, kind.version);
  const kept = prefixOf(definition, storageVersion);
  const schemas = schemasOf(definition);
  const current = schemas.get(storageVersion)?.fingerprint;
  const isStorageVersion = kind.version === storageVersion;
  let isAlike: boolean | undefined;
  /** Then nothing but the version is written differently. Found out when somebody asks: schemas may be large. */
  const isWrittenAlike = () => {
    isAlike ??=
      conversion === 'None' &&
      // Their indexes are the same, too.
      String(selectableIn(kind.version)) === String(selectableIn(storageVersion)) &&
      haveSameSchema(definition, kind.version, storageVersion);
    return isAlike;
  };
  const selectableIn = (version: string) => versions.find(({ name }) => name === version)?.selectable ?? [];
  const storedFields = selectableOf(selectableIn(storageVersion));

  const isCurrent = (stored: Stored): boolean =>
    stored.index.fields?.[marker] === current && startsWith(stored.value, kept);

  /** Returns what can be shown without looking into it. */
  const asItIs = (stored: Stored): Stored | undefined => {
    if (!isCurrent(stored)) return undefined;
    if (isStorageVersion) return stored;
    if (isWrittenAlike()) return withValue(stored, swapped(stored.value, kept, own));
    return undefined;
  };

  const showAll = async (all: readonly Stored[]): Promise<Stored[]> => {
    const shown = all.map(asItIs);
    const others = all.filter((_, i) => !shown[i]);
    if (others.length === 0) return shown as Stored[];
    const made = await (conversion === 'None' ? eachUpToDate(others) : allUpToDate(others));
    let next = 0;
    return shown.map((each) => each ?? made[next++]!);
  };
  const show = async (stored: Stored): Promise<Stored> => asItIs(stored) ?? (await showAll([stored]))[0]!;

  /** With the fields and defaults of the version that it was stored by. */
  const asStored = (stored: Stored): AnyObject => {
    const object = parseJson(stored.value);
    return upToDate(object, schemas.get(versionIn(object)) ?? kind.schema);
  };
  const isShownVersion = (object: AnyObject) => versionIn(object) === kind.version;

  /** One after the other, so that no more than one of them is there as an object. */
  const eachUpToDate = async (all: readonly Stored[]): Promise<Stored[]> => {
    const made: Stored[] = [];
    for (const stored of all) {
      const object = asStored(stored);
      made.push(written(stored, isShownVersion(object) ? object : kind.schema.decode(object)));
      const wait = turn?.();
      if (wait) await wait;
    }
    return made;
  };
  const allUpToDate = async (all: readonly Stored[]): Promise<Stored[]> => {
    const objects = all.map(asStored);
    const strange = objects.filter((object) => !isShownVersion(object));
    const answers = (await converted(strange, kind.version, definition, ask)).values();
    return objects.map((object, i) =>
      written(all[i]!, isShownVersion(object) ? object : kind.schema.decode(answers.next().value)),
    );
  };

  const written = (
    stored: Stored,
    { kind: _kind, apiVersion: _version, metadata, ...content }: AnyObject,
  ): Stored => {
    const object: AnyObject = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata, ...content };
    const fields = fieldsOf(kind.selectableFields, object);
    const shown = {
      ...withValue(stored, Buffer.from(JSON.stringify(object))),
      index: { ...stored.index, ...(fields && { fields }) },
    };
    if (!(conversion === 'None' && isCurrent(stored))) outdated.add(shown);
    return shown;
  };

  /** Returns what is stored, and its index: by the selectable fields of the version that is stored. */
  const keep = async (build: Build, index: Index = {}): Promise<[Build, Index]> => {
    if (isStorageVersion) return [build, marked(index)];
    if (isWrittenAlike()) return [(revision) => swapped(build(revision), own, kept), marked(index)];
    const [answer] = await inStorageVersion(parseJson(build('0')));
    const schema = schemas.get(storageVersion) ?? kind.schema;
    const object = schema.withDefaults(schema.decode(answer));
    return [buildOf(object), marked({ ...index, fields: fieldsOf(storedFields, object) })];
  };
  const inStorageVersion = async (object: AnyObject): Promise<AnyObject[]> =>
    conversion === 'None'
      ? [{ ...object, apiVersion: apiVersionOf({ group: definition.group, version: storageVersion }) }]
      : converted([object], storageVersion, definition, ask);
  const marked = (index: Index): Index => ({
    ...index,
    ...(current && { fields: { ...index.fields, [marker]: current } }),
  });

  return {
    ...bound(storage),
    create: async (key, build, index) => show(await storage.create(key, ...(await keep(build, index)))),
    get: async (key) => {
      const stored = await storage.get(key);
      return stored && show(stored);
    },
    list: async (scope, page) => {
      const listing = await storage.list(scope, page);
      return { ...listing, items: await showAll(listing.items) };
    },
    update: async (key, expected, build, index) =>
      show(await storage.update(key, expected, ...(await keep(build, index)))),
    delete: async (key, expected, last) => show(await storage.delete(key, expected, (await keep(last))[0])),
    async *watch(scope, since, signal) {
      for await (const change of storage.watch(scope, since, signal)) {
        if (change.type === 'progress') yield change;
        else {
          const { object, previous } = change;
          yield {
            ...change,
            object: await show(object),
            ...(previous && { previous: await show(previous) }),
          };
        }
      }
    },
  };
}

/** Returns how stored bytes begin. */
const prefixOf = ({ group, names }: Definition, version: string): Buffer =>
  Buffer.from(
    `${JSON.stringify({ kind: names.kind, apiVersion: apiVersionOf({ group, version }) }).slice(0, -1)},`,
  );

const versionIn = ({ apiVersion = '' }: AnyObject): string => apiVersion.split('/')[1] ?? '';

const fieldsOf = (selectable: Kind['selectableFields'], object: AnyObject): Index['fields'] =>
  selectable && Object.fromEntries(Object.entries(selectable).map(([path, read]) => [path, read(object)]));

/** Returns what passes through as it is. */
const bound = (storage: Storage) => ({
  owned: storage.owned.bind(storage),
  claims: storage.claims.bind(storage),
  head: storage.head.bind(storage),
  advance: storage.advance.bind(storage),
  drop: storage.drop.bind(storage),
  fork: storage.fork.bind(storage),
  forks: storage.forks.bind(storage),
  heads: storage.heads.bind(storage),
  size: storage.size.bind(storage),
  close: storage.close.bind(storage),
});

const startsWith = (bytes: Uint8Array, prefix: Buffer): boolean =>
  bytes.length >= prefix.length && prefix.equals(bytes.subarray(0, prefix.length));

/** The bytes with another beginning. */
const swapped = (bytes: Uint8Array, from: Buffer, to: Buffer): Buffer =>
  Buffer.concat([to, bytes.subarray(from.length)]);
