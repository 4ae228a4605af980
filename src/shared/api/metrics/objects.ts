import { formatTime } from '../../clock/clock.ts';
import { goDuration } from '../../clock/goDuration.ts';
import { quantityText } from '../../kinds/schema/quantity.ts';
import type { Node, NodeMetrics, Pod, PodMetrics } from '../../kinds/schema/types.ts';
import type { ContainerRate } from './meter.ts';
import type { Rate } from './rates.ts';

const apiVersion = 'metrics.k8s.io/v1beta1';

/** A Pod's measurement as metrics.k8s.io tells it. Its window is the shortest of its containers'. */
export const podMetricsOf = ({ metadata }: Pod, rates: ContainerRate[], now: number): PodMetrics => ({
  kind: 'PodMetrics',
  apiVersion,
  metadata: metadataOf(metadata, now),
  timestamp: formatTime(Math.min(...rates.map(({ at }) => at))),
  window: windowOf(rates),
  containers: rates.map((rate) => ({ name: rate.name, usage: usageOf(rate) })),
});

/** A Node's measurement. */
export const nodeMetricsOf = ({ metadata }: Node, rate: Rate, now: number): NodeMetrics => ({
  kind: 'NodeMetrics',
  apiVersion,
  metadata: metadataOf(metadata, now),
  timestamp: formatTime(rate.at),
  window: windowOf([rate]),
  usage: usageOf(rate),
});

/** The time that metrics-server gives as the creation's is that of its answer. */
const metadataOf = ({ name, namespace, labels }: Pod['metadata'], now: number) => ({
  name,
  ...(namespace && { namespace }),
  creationTimestamp: formatTime(now),
  ...(labels && { labels }),
});

const usageOf = ({ cpuNanocores, memoryBytes }: Rate) => ({
  cpu: quantityText(BigInt(cpuNanocores), 'decimal'),
  memory: quantityText(BigInt(Math.round(memoryBytes)) * 1_000_000_000n, 'binary'),
});

const windowOf = (rates: Rate[]) =>
  goDuration(Math.round(Math.min(...rates.map(({ windowMs }) => windowMs))));
