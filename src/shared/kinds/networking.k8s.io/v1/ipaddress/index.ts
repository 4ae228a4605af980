import type { Kind } from '../../../kind.ts';
import { column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { IPAddress, ParentReference } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const ipAddress: Kind<IPAddress> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  singular: 'ipaddress',
  shortNames: ['ip'],
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('IPAddress'),
  nameRule: 'ip',
  validate,
  columns: [
    nameColumn,
    column('ParentRef', 'What has the address.', ({ spec }) =>
      spec?.parentRef ? path(spec.parentRef) : '<none>',
    ),
  ],
};

const path = ({ group, resource = '', namespace, name = '' }: ParentReference): string =>
  [`${resource}${group ? `.${group}` : ''}`.toLowerCase(), ...(namespace ? [namespace] : []), name].join('/');
