import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ResourceV1ResourceClaim } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { dropDisabled } from '../claimSpec.ts';
import { validateStatus } from './status.ts';
import { validate } from './validate.ts';

export const resourceClaim: Kind<ResourceV1ResourceClaim> = {
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  singular: 'resourceclaim',
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('ResourceV1ResourceClaim'),
  subresources: { status: true },
  statusKeepsMetadata: true,
  prepareForCreate: ({ spec }) => dropDisabled(spec),
  prepareForUpdate: ({ spec }) => dropDisabled(spec),
  validate,
  validateStatus,
  deleteAnswers: 'object',
  columns: [
    nameColumn,
    column('State', 'How far the claim is: pending, allocated, reserved or deleted.', stateOf),
    ageColumn,
  ],
};

function stateOf({ metadata, status }: ResourceV1ResourceClaim): string {
  const states = metadata.deletionTimestamp ? ['deleted'] : [];
  if (status?.allocation) states.push('allocated', ...(status.reservedFor?.length ? ['reserved'] : []));
  else if (!metadata.deletionTimestamp) states.push('pending');
  return states.join(',');
}
