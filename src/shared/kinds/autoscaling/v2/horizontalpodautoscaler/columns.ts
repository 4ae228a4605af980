import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '../../../schema/types.ts';

export const columns: Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  column('Reference', 'What is scaled.', ({ spec }) => {
    const { kind, name } = spec?.scaleTargetRef ?? {};
    return `${kind ?? ''}/${name ?? ''}`;
  }),
  column('Targets', 'What is measured, and what it should be.', ({ spec, status }) =>
    metricsText(spec?.metrics ?? [], status?.currentMetrics ?? []),
  ),
  column('MinPods', 'The fewest Pods.', ({ spec }) =>
    spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
  ),
  column('MaxPods', 'The most Pods.', ({ spec }) => spec?.maxReplicas ?? 0),
  column('Replicas', 'Pods that there are.', ({ status }) => status?.currentReplicas ?? 0),
  ageColumn,
];

const most = 2;

function metricsText(specs: MetricSpec[], statuses: MetricStatus[]): string {
  if (specs.length === 0) return '<none>';
  const all = specs.map((spec, i) => metricText(spec, statuses[i]));
  const head = all.slice(0, most).join(', ');
  return all.length > most ? `${head} + ${all.length - most} more...` : head;
}

function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  const { object, pods, external } = spec;
  if (spec.type === 'External' && external) return valueText(external.target, status?.external?.current);
  if (spec.type === 'Object' && object) return valueText(object.target, status?.object?.current);
  if (spec.type === 'Pods' && pods)
    return `${status?.pods?.current.averageValue ?? unknown}/${pods.target.averageValue}`;
  const own = spec.type === 'Resource' ? spec.resource : spec.containerResource;
  if (!own) return '<unknown type>';
  const { current } = (spec.type === 'Resource' ? status?.resource : status?.containerResource) ?? {};
  const { averageValue, averageUtilization } = own.target;
  if (averageValue !== undefined) return `${own.name}: ${current?.averageValue ?? unknown}/${averageValue}`;
  const used = current?.averageUtilization;
  return `${own.name}: ${used === undefined ? unknown : `${used}%`}/${averageUtilization === undefined ? '<auto>' : `${averageUtilization}%`}`;
}

const unknown = '<unknown>';

const valueText = ({ value, averageValue }: MetricTarget, current: MetricValueStatus | undefined): string =>
  averageValue !== undefined
    ? `${current?.averageValue ?? unknown}/${averageValue} (avg)`
    : `${current?.value ?? unknown}/${value}`;
