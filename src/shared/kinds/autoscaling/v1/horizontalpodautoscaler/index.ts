import type { AnyObject } from '../../../../meta/object.ts';
import type { Column, Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { AutoscalingV1HorizontalPodAutoscaler, HorizontalPodAutoscaler } from '../../../schema/types.ts';
import { horizontalPodAutoscaler as newer } from '../../v2/horizontalpodautoscaler/index.ts';
import { fromV2, toV2 } from './convert.ts';

/** The older form of the same objects: what it has no fields for stands in annotations. */
export const horizontalPodAutoscaler: Kind<AutoscalingV1HorizontalPodAutoscaler> = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  verbs: newer.verbs,
  schema: goSchema('AutoscalingV1HorizontalPodAutoscaler'),
  subresources: { status: true },
  validate: (object, old) => newer.validate!(toV2(object), old && toV2(old)),
  validateStatus: (object, old) => newer.validateStatus!(toV2(object), toV2(old)),
  columns: newer.columns.map(
    (column): Column<AutoscalingV1HorizontalPodAutoscaler> => ({
      ...column,
      value: (object, now) => column.value(toV2(object), now),
    }),
  ),
  storedAs: {
    resource: 'horizontalpodautoscalers.autoscaling',
    toStored: (object) => toV2(object) as unknown as AnyObject,
    fromStored: (stored) => fromV2(stored as unknown as HorizontalPodAutoscaler),
  },
};
