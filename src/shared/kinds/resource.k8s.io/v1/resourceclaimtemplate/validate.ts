import type { Cause } from '../../../../errors/apiError.ts';
import { goText } from '../../../schema/goText.ts';
import type { ResourceClaimTemplate } from '../../../schema/types.ts';
import { forbidden } from '../../../validation/causes.ts';
import { validAnnotations, validLabels } from '../../../validation/labels.ts';
import { immutable } from '../../../validation/rules.ts';
import { validClaim } from '../claimSpec.ts';

export const validate = ({ spec }: ResourceClaimTemplate, old?: ResourceClaimTemplate): Cause[] => [
  ...validMetadata('spec.metadata', spec.metadata ?? {}),
  ...validClaim('spec.spec', spec.spec),
  ...(old ? immutable('spec', spec, old.spec, () => shown(spec)) : []),
];

const allowed = ['annotations', 'labels'];

/** Claims get labels and annotations of a template, and nothing else of its metadata. */
const validMetadata = (
  at: string,
  metadata: NonNullable<ResourceClaimTemplate['spec']['metadata']>,
): Cause[] => [
  ...validAnnotations(`${at}.annotations`, metadata.annotations),
  ...validLabels(`${at}.labels`, metadata.labels),
  ...Object.entries(metadata)
    .filter(([field, value]) => value !== null && !allowed.includes(field))
    .map(([field]) => forbidden(`${at}.${field}`, 'cannot be set')),
];

/** As Kubernetes shows it: the metadata in its place, the spec by the names of its fields in Go. */
const shown = ({ metadata, spec }: ResourceClaimTemplate['spec']) => ({
  ...metadata,
  Spec: goText('ResourceClaimSpec', spec),
});
