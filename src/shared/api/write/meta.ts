import type { Cause } from '../../errors/apiError.ts';
import type { Kind } from '../../kinds/kind.ts';
import {
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  pathSegmentProblems,
  qualifiedNameProblems,
} from '../../meta/names.ts';
import type { AnyObject } from '../../meta/object.ts';

const nameRules = {
  subdomain: dns1123SubdomainProblems,
  label: dns1123LabelProblems,
  label1035: dns1035LabelProblems,
  pathSegment: pathSegmentProblems,
};

const maxAnnotationBytes = 256 * 1024;
const bad = (field: string, value: unknown, message: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${message}`,
  field,
});

/** Findings about metadata that are the same for all kinds, in the order a real server lists them. */
export function metadataProblems({ metadata }: AnyObject, kind: Kind): Cause[] {
  const causes: Cause[] = [];
  const rule = nameRules[kind.nameRule ?? 'subdomain'];
  if (metadata.generateName)
    for (const message of rule(maskTrailingDash(metadata.generateName)))
      causes.push(bad('metadata.generateName', metadata.generateName, message));
  if (!metadata.name)
    causes.push({
      reason: 'FieldValueRequired',
      message: 'Required value: name or generateName is required',
      field: 'metadata.name',
    });
  else for (const message of rule(metadata.name)) causes.push(bad('metadata.name', metadata.name, message));
  causes.push(...labelCauses(metadata.labels, 'metadata.labels'), ...annotationCauses(metadata.annotations));
  (metadata.finalizers ?? []).forEach((finalizer) => {
    for (const message of qualifiedNameProblems(finalizer))
      causes.push(bad('metadata.finalizers', finalizer, message));
  });
  causes.push(...ownerCauses(metadata.ownerReferences ?? []));
  return causes;
}

export function labelCauses(labels: Record<string, string> | undefined, field: string): Cause[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((message) => bad(field, key, message)),
    ...labelValueProblems(value).map((message) => bad(field, value, message)),
  ]);
}

function annotationCauses(annotations: Record<string, string> | undefined): Cause[] {
  const field = 'metadata.annotations';
  const causes = Object.keys(annotations ?? {}).flatMap((key) =>
    qualifiedNameProblems(key.toLowerCase()).map((message) => bad(field, key, message)),
  );
  const size = Object.entries(annotations ?? {}).reduce(
    (sum, [k, v]) => sum + Buffer.byteLength(k) + Buffer.byteLength(v),
    0,
  );
  if (size > maxAnnotationBytes)
    causes.push({
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${maxAnnotationBytes} bytes`,
      field,
    });
  return causes;
}

function ownerCauses(owners: NonNullable<AnyObject['metadata']['ownerReferences']>): Cause[] {
  const field = 'metadata.ownerReferences';
  const required = (owner: (typeof owners)[number]) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((part) => !owner[part])
      .map((part) =>
        bad(
          `${field}.${part}`,
          owner[part] ?? '',
          `${part === 'apiVersion' ? 'version' : part} must not be empty`,
        ),
      );
  const controllers = owners.filter(({ controller }) => controller);
  const several = controllers[1]
    ? [
        bad(
          field,
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${controllers[0]?.name} and ${controllers[1].name}`,
        ),
      ]
    : [];
  return [...owners.flatMap(required), ...several];
}

/** generateName may end in a dash: what follows makes it whole. */
const maskTrailingDash = (name: string) =>
  name.length > 1 && name.endsWith('-') ? `${name.slice(0, -1)}a` : name;

const immutable = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** Findings about changes of metadata. */
export function metadataUpdateProblems(object: AnyObject, old: AnyObject): Cause[] {
  const causes: Cause[] = [];
  const [next, before] = [object.metadata, old.metadata];
  if (before.deletionTimestamp) {
    const added = (next.finalizers ?? []).filter((finalizer) => !before.finalizers?.includes(finalizer));
    if (added.length > 0) {
      const shown = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
      causes.push({
        reason: 'FieldValueForbidden',
        message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${shown}}`,
        field: 'metadata.finalizers',
      });
    }
  }
  for (const field of immutable)
    if (next[field] !== before[field])
      causes.push(bad(`metadata.${field}`, next[field] ?? null, 'field is immutable'));
  return causes;
}
