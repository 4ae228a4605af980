import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { PodMetrics } from '../../../schema/types.ts';
import { usageColumns } from '../columns.ts';

/** Describes what the containers of a Pod use just now: measured when somebody asks, never stored. */
export const podMetrics: Kind<PodMetrics> = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  singular: '',
  namespaced: true,
  verbs: ['get', 'list'],
  schema: goSchema('PodMetrics'),
  virtual: 'measurement',
  columns: usageColumns(({ containers }) => containers.map(({ usage }) => usage)),
};
