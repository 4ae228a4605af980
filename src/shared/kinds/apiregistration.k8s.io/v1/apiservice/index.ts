import { formatTime } from '../../../../clock/clock.ts';
import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { APIService } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate, validateStatus } from './validate.ts';

/** Describes who serves a version of a group: this server, or another one behind a Service. */
export const apiService: Kind<APIService> = {
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  singular: 'apiservice',
  categories: ['api-extensions'],
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('APIService'),
  subresources: { status: true },
  statusKeepsMetadata: true,
  needsRevision: true,
  nameRule: 'pathSegment',
  prepareForCreate: (object, { clock }) => {
    if (object.spec?.service) return;
    object.status = { conditions: [localCondition(formatTime(clock.now()))] };
  },
  validate,
  validateStatus,
  columns: [
    nameColumn,
    column('Service', 'Who serves it.', ({ spec }) =>
      spec?.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local',
    ),
    column('Available', 'Whether it is served now, and why not.', (object) => {
      const { status, reason } = availableOf(object) ?? { status: 'Unknown' };
      return status === 'True' || !reason ? status : `${status} (${reason})`;
    }),
    ageColumn,
  ],
};

const availableOf = ({ status }: APIService) => status?.conditions?.find(({ type }) => type === 'Available');

const localCondition = (lastTransitionTime: string) => ({
  type: 'Available',
  status: 'True',
  lastTransitionTime,
  reason: 'Local',
  message: 'Local APIServices are always available',
});
