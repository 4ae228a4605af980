import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { NodeMetrics } from '../../../schema/types.ts';
import { usageColumns } from '../columns.ts';

/** Describes what a Node uses just now: measured when somebody asks, never stored. */
export const nodeMetrics: Kind<NodeMetrics> = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'NodeMetrics',
  plural: 'nodes',
  singular: '',
  namespaced: false,
  verbs: ['get', 'list'],
  schema: goSchema('NodeMetrics'),
  virtual: 'measurement',
  columns: usageColumns(({ usage }) => [usage]),
};
