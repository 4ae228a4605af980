import type { Cause } from '../../errors/apiError.ts';
import { mostCauses } from '../../errors/common.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { ObjectMeta, OwnerReference } from '../../kinds/schema/types.ts';
import { strictIPProblems } from '../../kinds/validation/strictIP.ts';
import { addAll } from '../../meta/lists.ts';
import {
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  longNameProblems,
  pathSegmentProblems,
  qualifiedNameProblems,
} from '../../meta/names.ts';
import type { AnyObject } from '../../meta/object.ts';
import { warn } from './warn.ts';

const invalidValue = (field: string, value: unknown, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
});

/** Makes the cause of an answer 422 about a field that must not have been set. */
export const forbiddenField = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});

const nameRules = {
  subdomain: dns1123SubdomainProblems,
  longName: longNameProblems,
  label: dns1123LabelProblems,
  label1035: dns1035LabelProblems,
  pathSegment: pathSegmentProblems,
  ip: strictIPProblems,
};

/** Findings about the metadata of any object, in the words of Kubernetes. */
export function metadataCauses(kind: Kind, meta: ObjectMeta): Cause[] {
  const causes: Cause[] = [];
  const rule = nameRules[kind.nameRule ?? 'subdomain'];
  if (meta.generateName) {
    // What is generated is appended, so a prefix may end where a name may not.
    const probe = meta.generateName.replace(/.-$/, 'a');
    for (const why of rule(probe)) causes.push(invalidValue('metadata.generateName', meta.generateName, why));
  }
  if (!meta.name)
    causes.push({
      reason: 'FieldValueRequired',
      message: 'Required value: name or generateName is required',
      field: 'metadata.name',
    });
  else for (const why of rule(meta.name)) causes.push(invalidValue('metadata.name', meta.name, why));
  if (kind.namespaced && meta.namespace)
    for (const why of dns1123LabelProblems(meta.namespace))
      causes.push(invalidValue('metadata.namespace', meta.namespace, why));
  if (meta.generation !== undefined && meta.generation < 0)
    causes.push(invalidValue('metadata.generation', meta.generation, 'must be greater than or equal to 0'));
  addAll(causes, labelCauses(meta.labels, 'metadata.labels'));
  addAll(causes, annotationCauses(meta.annotations));
  addAll(causes, ownerCauses(meta.ownerReferences ?? []));
  addAll(causes, finalizerCauses(meta.finalizers ?? [], kind.freeFinalizers));
  return causes;
}

/** Returns what is wrong with the keys and values of labels, and stops at the number of causes an answer may have. */
export function labelCauses(labels: Record<string, string> | undefined, field: string): Cause[] {
  const causes: Cause[] = [];
  for (const key in labels) {
    if (causes.length >= mostCauses) break;
    for (const why of qualifiedNameProblems(key)) causes.push(invalidValue(field, key, why));
    for (const why of labelValueProblems(labels[key]!)) causes.push(invalidValue(field, labels[key], why));
  }
  return causes;
}

const maxAnnotations = 256 * 1024;

function annotationCauses(annotations: Record<string, string> | undefined): Cause[] {
  const causes: Cause[] = [];
  const field = 'metadata.annotations';
  let size = 0;
  for (const key in annotations) {
    if (causes.length >= mostCauses) break;
    for (const why of qualifiedNameProblems(key.toLowerCase())) causes.push(invalidValue(field, key, why));
    size += Buffer.byteLength(key) + Buffer.byteLength(annotations[key]!);
  }
  if (size > maxAnnotations)
    causes.push({
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${maxAnnotations} bytes`,
      field,
    });
  return causes;
}

function ownerCauses(owners: OwnerReference[]): Cause[] {
  const field = 'metadata.ownerReferences';
  const causes: Cause[] = [];
  const empty = (part: string) => causes.push(invalidValue(`${field}.${part}`, '', 'must not be empty'));
  for (const owner of owners) {
    if (!/^([^/]+\/)?[^/]+$/.test(owner.apiVersion ?? ''))
      causes.push(invalidValue(`${field}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty'));
    if (!owner.kind) empty('kind');
    if (!owner.name) empty('name');
    if (!owner.uid) empty('uid');
    if (owner.apiVersion === 'v1' && owner.kind === 'Event')
      causes.push(invalidValue(field, owner, '/v1, Kind=Event is disallowed from being an owner'));
  }
  const controllers = owners.filter(({ controller }) => controller);
  if (controllers.length > 1)
    causes.push(
      invalidValue(
        field,
        owners,
        `Only one reference can have Controller set to true. Found "true" in references for ${controllers[0]!.kind}/${controllers[0]!.name} and ${controllers[1]!.kind}/${controllers[1]!.name}`,
      ),
    );
  return causes;
}

const standardFinalizers = ['orphan', 'foregroundDeletion', 'kubernetes'];

function finalizerCauses(finalizers: string[], areFree = false): Cause[] {
  const causes: Cause[] = [];
  finalizers.forEach((finalizer, i) => {
    const field = `metadata.finalizers[${i}]`;
    for (const why of qualifiedNameProblems(finalizer))
      causes.push(invalidValue('metadata.finalizers', finalizer, why));
    if (!areFree && !finalizer.includes('/') && !standardFinalizers.includes(finalizer))
      causes.push(
        invalidValue(field, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'),
      );
  });
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    causes.push(
      invalidValue(
        'metadata.finalizers',
        finalizers,
        'finalizer orphan and foregroundDeletion cannot be both set',
      ),
    );
  return causes;
}

const immutable = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** Findings about a change of metadata. `meta` already has what the server fills in. */
export function metadataChangeCauses(meta: ObjectMeta, old: ObjectMeta): Cause[] {
  const causes: Cause[] = [];
  if (old.deletionTimestamp) {
    const before = new Set(old.finalizers);
    const added = (meta.finalizers ?? []).filter((f) => !before.has(f));
    if (added.length)
      causes.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((f) => JSON.stringify(f)).join(', ')}}`,
        ),
      );
  }
  for (const field of immutable)
    if (meta[field] !== old[field])
      causes.push(invalidValue(`metadata.${field}`, meta[field] ?? null, 'field is immutable'));
  return causes;
}

/** The object with each owner once; may change its metadata. `warnings` receives a word about it. */
export function withDistinctOwners(
  object: AnyObject,
  warnings: string[],
  isAfterAdmission: boolean,
): AnyObject {
  const { ownerReferences: owners } = object.metadata;
  if (!owners || owners.length < 2) return object;
  const uids = new Set<string>();
  const seen = new Set<string>();
  object.metadata.ownerReferences = owners.filter((owner) => {
    const text = JSON.stringify(owner);
    const isFirst = !seen.has(text);
    if (!isFirst) uids.add(owner.uid);
    seen.add(text);
    return isFirst;
  });
  const when = isAfterAdmission ? ' after mutating admission happens' : '';
  if (uids.size > 0)
    warn(warnings, [
      `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...uids].join(', ')}`,
    ]);
  return object;
}
