import type { Cause } from '../../../../../errors/apiError.ts';
import type { CustomResourceDefinition } from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';
import { immutable } from '../../../../validation/rules.ts';
import { approvalAnnotation, approvalOf, isProtected } from '../approval.ts';
import { nameCauses } from './names.ts';
import { specCauses } from './spec.ts';

/** Findings about a definition, in the words and order of a real server. */
export function validate(crd: CustomResourceDefinition, old?: CustomResourceDefinition): Cause[] {
  const { metadata, spec, status } = crd;
  const fits = metadata.name === `${spec.names?.plural}.${spec.group}`;
  return [
    ...(old || fits
      ? []
      : [invalidValue('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...specCauses(spec, old?.spec),
    ...(old ? changeCauses(crd, old) : []),
    ...nameCauses(status?.acceptedNames ?? { plural: '', kind: '' }, 'status.acceptedNames'),
    ...storedVersionCauses(status?.storedVersions ?? [], crd),
    ...approvalCauses(crd, old),
    ...(spec.preserveUnknownFields && !old?.spec.preserveUnknownFields ? [preserving] : []),
  ];
}

const preserving = invalidValue(
  'spec.preserveUnknownFields',
  true,
  'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
);

/** A write to /status. */
export const validateStatus = ({ status }: CustomResourceDefinition): Cause[] =>
  nameCauses(status?.acceptedNames ?? { plural: '', kind: '' }, 'status.acceptedNames');

/** What objects are stored by stays as it is. */
function changeCauses({ spec }: CustomResourceDefinition, old: CustomResourceDefinition): Cause[] {
  const isEstablished = old.status?.conditions?.some(
    ({ type, status }) => type === 'Established' && status === 'True',
  );
  const before = old.spec;
  return [
    ...(isEstablished
      ? [
          ...immutable('spec.scope', spec.scope, before.scope),
          ...immutable('spec.names.kind', spec.names.kind, before.names.kind),
        ]
      : []),
    ...immutable('spec.group', spec.group, before.group),
    ...immutable('spec.names.plural', spec.names.plural, before.names.plural),
  ];
}

function storedVersionCauses(stored: string[], { spec }: CustomResourceDefinition): Cause[] {
  const field = 'status.storedVersions';
  if (stored.length === 0) return [invalidValue(field, null, 'must have at least one stored version')];
  const versions = spec.versions ?? [];
  const missing = versions.filter(({ name, storage }) => storage && !stored.includes(name));
  return [
    ...missing.map(({ name }) => invalidValue(field, stored, `must have the storage version ${name}`)),
    ...stored.flatMap((name, i) =>
      versions.some((version) => version.name === name)
        ? []
        : [
            invalidValue(
              `${field}[${i}]`,
              name,
              `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
            ),
          ],
    ),
  ];
}

function approvalCauses(
  { spec, metadata }: CustomResourceDefinition,
  old?: CustomResourceDefinition,
): Cause[] {
  if (!isProtected(spec.group)) return [];
  const { state, why } = approvalOf(metadata.annotations);
  if (old && approvalOf(old.metadata.annotations).state === state) return [];
  const field = `metadata.annotations[${approvalAnnotation}]`;
  if (state === 'Invalid') return [invalidValue(field, metadata.annotations?.[approvalAnnotation], why)];
  return state === 'Missing' ? [required(field, why)] : [];
}
