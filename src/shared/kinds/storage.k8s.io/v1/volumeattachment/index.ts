import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { VolumeAttachment } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validate, validateStatus } from './validate.ts';

export const volumeAttachment: Kind<VolumeAttachment> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  singular: 'volumeattachment',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('VolumeAttachment'),
  subresources: { status: true },
  statusKeepsMetadata: true,
  needsRevision: true,
  deleteAnswers: 'object',
  validate,
  validateStatus,
  columns,
};
