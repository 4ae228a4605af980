import type { Kind } from '../../../kind.ts';
import { proxySubresource } from '../../../proxySubresource.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Node } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { prepareForCreate, warnings } from './strategy.ts';
import { validate, validateStatus } from './validate.ts';

export const node: Kind<Node> = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('Node'),
  subresources: {
    status: true,
    others: [proxySubresource('Node')],
  },
  startsWithStatus: true,
  prepareForCreate,
  prepareForUpdate: prepareForCreate,
  validate,
  validateStatus,
  warnings,
  columns,
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec?.unschedulable ?? false) },
};
