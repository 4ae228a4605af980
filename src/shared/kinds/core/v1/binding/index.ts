import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Binding } from '../../../schema/types.ts';

/** Binds a Pod of that name to a node: the older way beside the Pod's subresource. */
export const binding: Kind<Binding> = {
  group: '',
  version: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  singular: 'binding',
  namespaced: true,
  verbs: ['create'],
  schema: goSchema('Binding'),
  virtual: 'binding',
  columns: [nameColumn, ageColumn],
};
