import type { Kind } from '../../../kind.ts';
import { proxySubresource } from '../../../proxySubresource.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Pod } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { gracePeriod, prepareForCreate, prepareForUpdate } from './strategy.ts';
import { validatePod } from './validate/index.ts';
import { validateStatus } from './validate/status.ts';
import { podWarnings } from './warnings/index.ts';
import { nameWarnings } from './warnings/name.ts';

export const pod: Kind<Pod> = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('Pod'),
  subresources: {
    status: true,
    others: [
      { name: 'attach', group: '', version: 'v1', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
      { name: 'binding', group: '', version: 'v1', kind: 'Binding', verbs: ['create'] },
      {
        name: 'ephemeralcontainers',
        group: '',
        version: 'v1',
        kind: 'Pod',
        verbs: ['get', 'patch', 'update'],
      },
      { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
      { name: 'exec', group: '', version: 'v1', kind: 'PodExecOptions', verbs: ['create', 'get'] },
      { name: 'log', group: '', version: 'v1', kind: 'Pod', verbs: ['get'] },
      {
        name: 'portforward',
        group: '',
        version: 'v1',
        kind: 'PodPortForwardOptions',
        verbs: ['create', 'get'],
      },
      proxySubresource('Pod'),
      { name: 'resize', group: '', version: 'v1', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
    ],
  },
  generation: 'spec',
  prepareForCreate,
  prepareForUpdate,
  validate: validatePod,
  // People do not change Pods.
  warnings: ({ metadata, spec }, old) =>
    old
      ? []
      : [...nameWarnings(metadata.name ?? '', "the Pod's hostname"), ...podWarnings('', metadata, spec)],
  validateStatus,
  columns,
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec?.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec?.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec?.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec?.hostNetwork ?? false),
    'status.phase': ({ status }) => status?.phase ?? '',
    'status.podIP': ({ status }) => status?.podIP ?? '',
    'status.podIPs': ({ status }) => status?.podIPs?.map(({ ip }) => ip).join(',') ?? '',
    'status.nominatedNodeName': ({ status }) => status?.nominatedNodeName ?? '',
  },
  gracePeriod,
  deleteAnswers: 'object',
};
