import type { Admission } from '../../admission/plugin.ts';
import type { Cause } from '../../errors/apiError.ts';
import { invalid } from '../../errors/common.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../ports/storage.ts';
import { type Door, tracked } from '../apply/track.ts';
import type { Call } from '../request.ts';
import { admit, allocated } from './admit.ts';
import { buildOf, indexOf, ordered, textWithRevision, toStored } from './bytes.ts';
import { checkIdentity } from './identity.ts';
import { distinctOwners, metadataCauses, metadataChangeCauses } from './metadata.ts';
import { settle } from './settle.ts';
import { onlyStatus, withStatusOf } from './status.ts';
import { carrying, warn } from './warn.ts';

/**
 * `internal`: a subresource's own change of spec (binding, finalize), which is not for the strategy to judge.
 * `ephemeralcontainers`: the same, but it counts as a change of spec.
 */
export type Part = 'main' | 'status' | 'internal' | 'ephemeralcontainers';

/** Who owns the fields afterwards: worked out already (apply), or to be, for a door that is no part. */
export interface Ownership {
  managedFields?: ManagedFieldsEntry[];
  door?: Door;
}

/** What is stored afterwards, or, for a dry run, what would be. */
export type Outcome = Stored | AnyObject;

/**
 * Replaces a stored object by `wanted`, which has been decoded. Nothing is written when nothing changes; an object
 * under deletion goes with its last finalizer. Throws Conflict (also when it changed meanwhile), Invalid, Forbidden.
 */
export async function change(
  call: Call,
  stored: Stored,
  old: AnyObject,
  wanted: AnyObject,
  part: Part,
  dryRun: boolean,
  warnings: string[] = [],
  ownership: Ownership = {},
): Promise<Outcome> {
  const { deps, served, cluster, namespace, name, user } = call;
  const { kind } = served;
  checkIdentity(call, wanted, old);
  let object = wanted;
  if (part === 'status') object = onlyStatus(kind, wanted, old);
  if (part === 'main') object = withStatusOf(kind, wanted, old);
  object = { ...object, metadata: carryOver(object.metadata, old.metadata) };
  const owners = object.metadata.ownerReferences;
  if (owners && owners.length > 1) object.metadata.ownerReferences = distinctOwners(owners, warnings);
  object = kind.schema.withDefaults(object);
  own(call, object, old, wanted, part, ownership);
  const admission: Admission = {
    operation: 'update',
    cluster,
    kind,
    namespace,
    name,
    ...(part !== 'main' && { subresource: part }),
    object,
    old,
    userName: user.name,
    dryRun,
  };
  try {
    await admit(deps.admission, admission);
    if (part !== 'internal') kind.prepareForUpdate?.(object, old, deps);
    object = settle(served, deps.admission, object);
    if (kind.generation && (part === 'main' || part === 'ephemeralcontainers'))
      object.metadata.generation = generationOf(kind.generation, object, old);
    const causes = findings(kind, object, old, part);
    if (causes.length) throw invalid(kind.kind, groupOfCauses(kind), name, causes);
    if (part === 'main') warn(warnings, kind.warnings?.(object, old));
    return await allocated(call, { ...admission, object }, (whole) =>
      replace(call, stored, old, whole, dryRun),
    );
  } catch (error) {
    throw carrying(error, warnings);
  }
}

async function replace(
  call: Call,
  stored: Stored,
  old: AnyObject,
  object: AnyObject,
  dryRun: boolean,
): Promise<Outcome> {
  const { deps, served } = call;
  const { key, revision, value } = stored;
  const kept = toStored(served, object);
  if (textWithRevision(kept, revision) === utf8.decode(value)) return stored;
  const asOld = () => ordered({ ...object, metadata: { ...object.metadata, resourceVersion: revision } });
  if (dryRun) return asOld();
  if (!isFinished(call, object))
    return deps.storage.update(key, revision, buildOf(kept), indexOf(served, object));
  await deps.storage.delete(key, revision, buildOf(toStored(served, old)));
  return asOld();
}

function findings(kind: Kind, object: AnyObject, old: AnyObject, part: Part): Cause[] {
  const first = (part === 'main' && kind.validateFirst?.(object, old)) || [];
  if (first.length) return first;
  return [
    ...metadataCauses(kind, object.metadata),
    ...metadataChangeCauses(object.metadata, old.metadata),
    ...kind.schema.causes(object, old),
    ...((part === 'main' && kind.validate?.(object, old)) || []),
    ...((part === 'status' && kind.validateStatus?.(object, old)) || []),
  ];
}

/** Writes managedFields, unless there is nobody to own anything. */
function own(
  call: Call,
  object: AnyObject,
  old: AnyObject,
  wanted: AnyObject,
  part: Part,
  { managedFields, door = part === 'main' ? '' : part }: Ownership,
): void {
  const before = old.metadata.managedFields;
  const entries =
    managedFields ??
    (part === 'internal' ? before : tracked(call, door, old, object, wanted.metadata.managedFields));
  if (entries?.length) object.metadata.managedFields = entries;
}

const utf8 = new TextDecoder();

/** Findings about a view of another kind speak of that. */
export const groupOfCauses = ({ storedAs, group }: Kind): string => (storedAs ? '' : group);

/** What the server knows better than the client. */
function carryOver(meta: AnyObject['metadata'], old: AnyObject['metadata']): AnyObject['metadata'] {
  const metadata = {
    ...meta,
    name: old.name,
    uid: old.uid,
    creationTimestamp: old.creationTimestamp,
    generation: old.generation,
    deletionTimestamp: meta.deletionTimestamp ?? old.deletionTimestamp,
    deletionGracePeriodSeconds: meta.deletionGracePeriodSeconds ?? old.deletionGracePeriodSeconds,
    resourceVersion: old.resourceVersion,
    ...(old.namespace && { namespace: old.namespace }),
  };
  if (!old.namespace) delete metadata.namespace;
  delete metadata.selfLink;
  delete metadata.managedFields;
  for (const key in metadata)
    if (metadata[key as keyof typeof metadata] === undefined) delete metadata[key as keyof typeof metadata];
  return metadata;
}

function generationOf(rule: 'spec' | 'specAndAnnotations', object: AnyObject, old: AnyObject): number {
  const before = old.metadata.generation ?? 0;
  const changed =
    desired(object) !== desired(old) ||
    (rule === 'specAndAnnotations' &&
      JSON.stringify(object.metadata.annotations ?? {}) !== JSON.stringify(old.metadata.annotations ?? {}));
  return changed ? before + 1 : before;
}

const desired = ({ metadata: _metadata, status: _status, ...rest }: AnyObject) => JSON.stringify(rest);

/** Under deletion, out of grace, and nothing holds it any more. */
export const isFinished = ({ served: { kind } }: Call, { metadata, ...rest }: AnyObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  !metadata.deletionGracePeriodSeconds &&
  !metadata.finalizers?.length &&
  !kind.otherFinalizers?.({ metadata, ...rest } as AnyObject).length;
