import type { Cause } from '../../errors/apiError.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { type Soon, soonAfter } from '../../meta/soon.ts';
import type { Later } from '../../meta/steps.ts';
import type { Stored } from '../../ports/storage.ts';
import { differInTimes } from '../apply/times.ts';
import { type Door, tracked } from '../apply/track.ts';
import { isOutdated } from '../custom/versioned.ts';
import type { Call } from '../request.ts';
import { AdmissionRequest } from './admission.ts';
import { buildFrom, buildOf, indexOf, ordered, textWithRevision, toStored } from './bytes.ts';
import { checkIdentity } from './identity.ts';
import { metadataCauses, metadataChangeCauses, withDistinctOwners } from './metadata.ts';
import { kindFindings, schemaFindings } from './schemaFindings.ts';
import { admitted, type Outcome, type Write, written } from './sequence.ts';
import { onlyStatus, withStatusOf } from './status.ts';

/**
 * `internal`: a subresource's own change of spec (binding, finalize), which is not for the strategy to judge.
 * `ephemeralcontainers`, `resize`: the same, but it counts as a change of spec. `approval`: only the conditions of the status.
 */
export type Part = 'main' | 'status' | 'approval' | 'internal' | 'ephemeralcontainers' | 'resize';

/** Says what of a spec may be written through a part. Holds for what clients send and for what admission makes of it. */
export interface Section {
  /** Returns a copy of `old` with what of `wanted` is of the section. */
  narrow(wanted: AnyObject, old: AnyObject): AnyObject;
  /** Returns what is wrong with the change. */
  findings(object: AnyObject, old: AnyObject): Cause[];
}

/** Describes what few changes say besides. */
export interface ChangeDetails {
  /** All that may change of the spec. */
  section?: Section | undefined;
  /** Says who owns the fields afterwards, where that has been worked out already (apply). */
  managedFields?: ManagedFieldsEntry[];
  /** Through which door the fields are written, where that is no part. */
  door?: Door;
  /** The subresource that admission is told of. By default the part. */
  subresource?: string;
  /** Admission has been asked already, about what the client sent: a Binding, a Scale. */
  isAdmitted?: boolean;
}

/**
 * Replaces a stored object by `wanted`, which has been decoded. Nothing is written when nothing changes; an object
 * under deletion goes with its last finalizer.
 * @throws Conflict (also when it changed meanwhile), Invalid, Forbidden.
 */
export async function change(
  call: Call,
  stored: Stored,
  old: AnyObject,
  wanted: AnyObject,
  part: Part,
  dryRun: boolean,
  warnings: string[] = [],
  details: ChangeDetails = {},
): Promise<Outcome> {
  checkIdentity(call, wanted, old);
  const { deps, served } = call;
  const { kind } = served;
  const { section, isAdmitted = false, subresource = part === 'main' ? '' : part } = details;
  const write: Write = {
    call,
    admission: new AdmissionRequest(call, { operation: 'UPDATE', subresource, old, dryRun, warnings }),
    isAdmitted,
    warnings,
    protect: (object, isAfterAdmission) => {
      const own = section ? section.narrow(object, old) : ownPart(kind, object, old, part);
      const whole = { ...own, metadata: carryOver(own.metadata, old.metadata) };
      return withDistinctOwners(whole, warnings, isAfterAdmission);
    },
    managedFields: (object, later) => ownersAfter(call, object, old, wanted, part, later, details),
    prepare: (object) => {
      if (part !== 'internal') kind.prepareForUpdate?.(object, old, deps);
    },
    complete: (object) => {
      if (kind.generation && ['main', 'ephemeralcontainers', 'resize'].includes(part))
        object.metadata.generation = generationOf(kind, object, old);
    },
    findings: (object) => findings(call, object, old, part, section),
    remarks: (object) => (part === 'main' ? kind.warnings?.(object, old) : undefined),
    store: (object) => replace(call, stored, old, object, dryRun),
  };
  return written(write, await admitted(write, wanted));
}

function ownPart(kind: Kind, object: AnyObject, old: AnyObject, part: Part): AnyObject {
  if (part === 'status') return onlyStatus(kind, object, old);
  if (part === 'approval') return onlyStatus(kind, withConditionsOf(object, old), old);
  return part === 'main' ? withStatusOf(kind, object, old) : object;
}

type WithConditions = AnyObject & { status?: { conditions?: unknown } };

const withConditionsOf = (object: WithConditions, { status }: WithConditions): AnyObject => ({
  ...object,
  status: { ...status, conditions: object.status?.conditions },
});

async function replace(
  call: Call,
  stored: Stored,
  old: AnyObject,
  object: AnyObject,
  dryRun: boolean,
): Promise<Outcome> {
  const { deps, served } = call;
  const { key, revision } = stored;
  const text = textWithRevision(toStored(served, object), revision);
  if (!isOutdated(stored)) {
    if (holds(stored, text)) return stored;
    // A value that the decoder writes otherwise, or that admission puts back, was a change only for who owns it.
    const { managedFields } = old.metadata;
    if (differInTimes(object.metadata.managedFields, managedFields)) {
      const timeless = { ...object, metadata: { ...object.metadata, managedFields } };
      if (holds(stored, textWithRevision(toStored(served, timeless), revision))) return stored;
    }
  }
  const asOld = () => ordered({ ...object, metadata: { ...object.metadata, resourceVersion: revision } });
  if (dryRun) return asOld();
  if (!isFinished(call, object))
    return deps.storage.update(
      key,
      revision,
      buildFrom(text, revision),
      indexOf(served, object, key.cluster),
    );
  await deps.storage.delete(key, revision, buildOf(toStored(served, old)));
  return asOld();
}

const holds = ({ value }: Stored, text: string): boolean =>
  Buffer.byteLength(text) === value.length && text === utf8.decode(value);

function findings(
  call: Call,
  object: AnyObject,
  old: AnyObject,
  part: Part,
  section: Section | undefined,
): Soon<Cause[]> {
  const { kind } = call.served;
  const first = (part === 'main' && kind.validateFirst?.(object, old)) || [];
  if (first.length) return first;
  const ofSchema = schemaFindings(call, object, old, part === 'status' ? 'status' : 'main');
  return soonAfter(ofSchema, (found) =>
    soonAfter(part === 'main' ? kindFindings(call, object, old) : [], (ofKind) => [
      ...metadataCauses(kind, object.metadata),
      ...metadataChangeCauses(object.metadata, old.metadata),
      ...found,
      ...(section?.findings(object, old) ?? []),
      ...ofKind,
      ...(((part === 'status' || part === 'approval') && kind.validateStatus?.(object, old, part)) || []),
    ]),
  );
}

/** managedFields after the write. Undefined when there is nobody to own anything. */
function ownersAfter(
  call: Call,
  object: AnyObject,
  old: AnyObject,
  wanted: AnyObject,
  part: Part,
  later: Later,
  { managedFields, door = part === 'main' ? '' : part }: ChangeDetails,
): ManagedFieldsEntry[] | undefined {
  if (managedFields) return managedFields;
  if (part === 'internal') return old.metadata.managedFields;
  return tracked(call, door, old, object, later, wanted.metadata.managedFields);
}

const utf8 = new TextDecoder();

/** Returns what the server knows better than the client. */
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

function generationOf(kind: Kind, object: AnyObject, old: AnyObject): number {
  let count = old.metadata.generation ?? 0;
  const changed =
    desired(kind, object) !== desired(kind, old) ||
    (kind.generation === 'specAndAnnotations' &&
      JSON.stringify(object.metadata.annotations ?? {}) !== JSON.stringify(old.metadata.annotations ?? {}));
  // Not by a sum: a bigint takes this as well.
  if (changed) count++;
  return count;
}

/** What counts as wanted: a status that is no subresource does as well. */
const desired = ({ subresources }: Kind, { metadata: _metadata, status, ...rest }: AnyObject) =>
  JSON.stringify(subresources?.status ? rest : { ...rest, status });

/** Under deletion, out of grace, and nothing holds it any more. */
export const isFinished = ({ served: { kind } }: Call, { metadata, ...rest }: AnyObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  !metadata.deletionGracePeriodSeconds &&
  !metadata.finalizers?.length &&
  !kind.otherFinalizers?.({ metadata, ...rest } as AnyObject).length;
