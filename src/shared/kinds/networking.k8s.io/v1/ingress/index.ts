import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Ingress } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validateStatus } from './status.ts';
import { validate } from './validate.ts';

export const ingress: Kind<Ingress> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('Ingress'),
  subresources: { status: true },
  generation: 'spec',
  validate,
  validateStatus,
  columns,
};
