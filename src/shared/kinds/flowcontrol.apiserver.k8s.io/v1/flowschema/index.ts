import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { FlowSchema } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validate, validateStatus } from './validate.ts';

export const flowSchema: Kind<FlowSchema> = {
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  singular: 'flowschema',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('FlowSchema'),
  subresources: { status: true },
  generation: 'spec',
  statusKeepsMetadata: true,
  validate,
  validateStatus,
  columns,
};
