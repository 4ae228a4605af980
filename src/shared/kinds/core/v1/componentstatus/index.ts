import type { Kind } from '../../../kind.ts';
import { column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ComponentStatus } from '../../../schema/types.ts';

/** Describes how the parts of the cluster are, found out when somebody asks. */
export const componentStatus: Kind<ComponentStatus> = {
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  singular: 'componentstatus',
  shortNames: ['cs'],
  namespaced: false,
  verbs: ['get', 'list'],
  schema: goSchema('ComponentStatus'),
  virtual: 'computed',
  deprecated: 'v1 ComponentStatus is deprecated in v1.19+',
  columns: [
    nameColumn,
    column('Status', 'Whether the part is well.', (object) => {
      const status = healthOf(object)?.status;
      return status === undefined ? 'Unknown' : status === 'True' ? 'Healthy' : 'Unhealthy';
    }),
    column('Message', 'What the part said.', (object) => healthOf(object)?.message ?? ''),
    column('Error', 'Why the part could not be asked.', (object) => healthOf(object)?.error ?? ''),
  ],
};

const healthOf = ({ conditions = [] }: ComponentStatus) => conditions.find(({ type }) => type === 'Healthy');
