import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ServiceCIDR } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const serviceCIDR: Kind<ServiceCIDR> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  singular: 'servicecidr',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('ServiceCIDR'),
  subresources: { status: true },
  statusKeepsMetadata: true,
  startsWithStatus: true,
  validate,
  columns: [
    nameColumn,
    column('CIDRs', 'From where addresses of Services come.', ({ spec }) => (spec?.cidrs ?? []).join(',')),
    ageColumn,
  ],
};
