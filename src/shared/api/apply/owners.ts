import { ApiError } from '../../errors/apiError.ts';
import type { Shape } from '../../kinds/schema/shape.ts';
import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';
import { atOnce, type Steps } from '../../meta/steps.ts';
import { merge } from '../../patch/structured/merge.ts';
import { compare, fieldsIn } from './compare.ts';
import {
  difference,
  empty,
  equal,
  type FieldSet,
  type FieldsV1,
  fromFieldsV1,
  intersection,
  isEmpty,
  placesOf,
  toFieldsV1,
  union,
  unionOf,
} from './fieldSet.ts';
import { prune } from './prune.ts';

/** Describes who owns fields: one entry of managedFields. */
export interface Owner {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource: string;
  time: string;
  fields: FieldSet;
}

/** Tells entries of managedFields apart: writes that agree in all four fields share one entry. */
export type Identity = Pick<Owner, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

const isIt = (a: Identity, b: Identity) =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.apiVersion === b.apiVersion &&
  a.subresource === b.subresource;

/** Describes one write to an object whose fields have owners: who writes what, over which live object. */
export interface Write {
  live: unknown;
  owners: Owner[];
  me: Identity;
  /** RFC 3339. */
  now: string;
  shape: Shape;
  /** In which version conflicts tell of others, where the door speaks another kind. */
  versionShown?: string;
  /** Leaves out what nobody can own, or not through this door. */
  ownable(fields: FieldSet): FieldSet;
}

/** Owners after somebody has made `next` of the live object: what they changed is theirs now, and only theirs. */
export function updated(next: unknown, write: Write): Owner[] {
  const { live, owners, me, now, shape, ownable } = write;
  const { added, modified, removed } = compare(live, next, shape);
  const changed = union(added, modified);
  const mine = owners.find((owner) => isIt(owner, me))?.fields ?? empty;
  const fields = ownable(difference(union(mine, changed), removed));
  const before = owners.find((owner) => isIt(owner, me));
  const time = before && equal(before.fields, fields) ? before.time : now;
  return settled(write, fields, union(changed, removed), time);
}

/** Is the result of an apply: the merged object, and the owners of its fields afterwards. */
export interface Applied {
  object: unknown;
  owners: Owner[];
}

/**
 * The object and its owners after `config` has been applied. Throws Conflict with others' fields unless `force`, or for
 * those in `allowed`.
 */
export const applied = (...asked: Parameters<typeof appliedSteps>): Applied => atOnce(appliedSteps(...asked));

/** Does the same in steps: a list may have thousands of items. */
export function* appliedSteps(
  config: unknown,
  force: boolean,
  write: Write,
  allowed = empty,
): Steps<Applied> {
  const { live, owners, me, shape, ownable } = write;
  const last = owners.find((owner) => isIt(owner, me))?.fields ?? empty;
  const fields = ownable(fieldsIn(config, shape));
  const others = owners.filter((owner) => !isIt(owner, me));
  yield;
  const owned = unionOf([fields, ...others.map((owner) => owner.fields)]);
  yield;
  const merged = merge(live, config, shape);
  yield;
  const object = prune(merged, last, owned, shape);
  yield;
  const { added, modified, removed } = compare(live, object, shape);
  // What does not go through this door changes nothing, so that nobody minds it or loses it.
  const changed = ownable(union(added, modified));
  yield;
  if (!force) refuseConflicts(shownIn(write.versionShown, others), difference(changed, allowed));
  yield;
  const touched = union(changed, ownable(removed));
  const before = owners.find((owner) => isIt(owner, me));
  // Who only names what is so already has no new time to show for it.
  const time = isEmpty(touched) ? (before?.time ?? '') : write.now;
  return { object, owners: settled(write, fields, touched, time) };
}

/** `fields` are mine since `time`; what was touched belongs to nobody else. */
function settled({ owners, me }: Write, fields: FieldSet, touched: FieldSet, time: string): Owner[] {
  const others = owners
    .filter((owner) => !isIt(owner, me))
    .map((owner) => ({ ...owner, fields: difference(owner.fields, touched) }));
  return capped([...others, { ...me, time, fields }].filter((owner) => !isEmpty(owner.fields)));
}

const mostUpdaters = 10;

/** However many programs write to an object, the oldest of them become one, so that the list stays short. */
function capped(owners: Owner[]): Owner[] {
  const updaters = owners
    .filter(({ operation }) => operation === 'Update')
    .sort((a, b) => order(a.time, b.time));
  const surplus = updaters.slice(0, Math.max(0, updaters.length - mostUpdaters));
  if (surplus.length === 0) return owners;
  const gathered = updaters.slice(0, surplus.length + 1);
  const { apiVersion, time } = gathered.at(-1)!;
  const fields = unionOf(gathered.map((owner) => owner.fields));
  const ancient: Owner = {
    manager: 'ancient-changes',
    operation: 'Update',
    apiVersion,
    subresource: '',
    time,
    fields,
  };
  const gone = new Set(gathered);
  return [...owners.filter((owner) => !gone.has(owner)), ancient];
}

const shownIn = (apiVersion: string | undefined, owners: Owner[]): Owner[] =>
  apiVersion ? owners.map((owner) => ({ ...owner, apiVersion })) : owners;

function refuseConflicts(others: Owner[], changed: FieldSet): void {
  const conflicts = others
    .map((owner) => ({ who: named(owner), places: [...placesOf(intersection(owner.fields, changed))] }))
    .filter(({ places }) => places.length > 0)
    .sort((a, b) => (a.who < b.who ? -1 : 1));
  const count = conflicts.reduce((n, { places }) => n + places.length, 0);
  if (count === 0) return;
  const text =
    count === 1
      ? `1 conflict: conflict with ${conflicts[0]!.who}: ${conflicts[0]!.places[0]}`
      : `${count} conflicts: ${conflicts.map(({ who, places }) => [`conflicts with ${who}:`, ...places.map((place) => `- ${place}`)].join('\n')).join('\n')}`;
  const causes = conflicts.flatMap(({ who, places }) =>
    places.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  );
  throw new ApiError('Conflict', `Apply failed with ${text}`, { details: { causes } });
}

function named({ manager, operation, apiVersion, subresource }: Owner): string {
  const who =
    JSON.stringify(manager) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '');
  return operation === 'Update' ? `${who} using ${apiVersion}` : who;
}

/** Reads managedFields. Absent texts become empty ones, and every operation but Apply counts as Update. */
export const ownersIn = (entries: ManagedFieldsEntry[] = []): Owner[] =>
  entries.map(({ manager = '', operation, apiVersion = '', subresource = '', time = '', fieldsV1 }) => ({
    manager,
    operation: operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion,
    subresource,
    time,
    fields: fromFieldsV1((fieldsV1 ?? {}) as FieldsV1),
  }));

/** In the order in which a real server writes them. */
export const entriesOf = (owners: Owner[]): ManagedFieldsEntry[] =>
  [...owners]
    .sort(
      (a, b) =>
        order(a.operation, b.operation) ||
        order(a.time, b.time) ||
        order(a.manager, b.manager) ||
        order(a.apiVersion, b.apiVersion) ||
        order(a.subresource, b.subresource),
    )
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      manager,
      operation,
      apiVersion,
      ...(time && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource && { subresource }),
    }));

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
