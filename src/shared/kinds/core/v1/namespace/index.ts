import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Namespace } from '../../../schema/types.ts';
import { columns } from './columns.ts';
import { otherFinalizers, prepareForCreate, prepareForDelete, prepareForUpdate } from './strategy.ts';
import { validate, validateStatus } from './validate.ts';

export const namespace: Kind<Namespace> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  // No deletecollection: nobody should be able to delete every namespace with one request.
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  schema: goSchema('Namespace'),
  nameRule: 'label',
  subresources: {
    status: true,
    others: [{ name: 'finalize', group: '', version: 'v1', kind: 'Namespace', verbs: ['update'] }],
  },
  // Pods that name no account have the account `default`, and are refused while it is not there.
  createsFirst: ({ metadata: { name = '' } }) => [
    { kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name: 'default', namespace: name } },
  ],
  prepareForCreate,
  prepareForUpdate,
  prepareForDelete,
  otherFinalizers,
  validate,
  validateStatus,
  columns,
  selectableFields: { 'status.phase': ({ status }) => status?.phase ?? '' },
  deleteAnswers: 'object',
};
