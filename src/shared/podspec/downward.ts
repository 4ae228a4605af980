import type { ObjectFieldSelector, ResourceFieldSelector } from '../kinds/schema/types.ts';
import { parseQuantity } from '../meta/quantity.ts';
import { ownValue, table } from '../meta/table.ts';
import { ConfigError, type PodContext } from './context.ts';

/** The value of a downward API field. Throws ConfigError for a field there is none of. */
export function fieldValue({ fieldPath }: ObjectFieldSelector, context: PodContext): string {
  const { pod, ref } = context;
  const subscript = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(fieldPath);
  if (subscript) return ownValue(pod.metadata[subscript[1] as 'labels' | 'annotations'], subscript[2]!) ?? '';
  const value = plainFields[fieldPath]?.(context);
  if (value === undefined)
    throw new ConfigError(`unsupported fieldPath ${fieldPath} of pod ${ref.namespace}/${ref.name}`);
  return value;
}

const plainFields: Record<string, (context: PodContext) => string> = table({
  'metadata.name': ({ ref }) => ref.name,
  'metadata.namespace': ({ ref }) => ref.namespace,
  'metadata.uid': ({ ref }) => ref.uid,
  'metadata.labels': ({ pod }) => formatMap(pod.metadata.labels),
  'metadata.annotations': ({ pod }) => formatMap(pod.metadata.annotations),
  'spec.nodeName': ({ pod }) => pod.spec?.nodeName ?? '',
  'spec.serviceAccountName': ({ pod }) => pod.spec?.serviceAccountName ?? '',
  'status.hostIP': ({ hostIP }) => hostIP,
  'status.hostIPs': ({ hostIP }) => hostIP,
  'status.podIP': ({ podIP }) => podIP,
  'status.podIPs': ({ podIP }) => podIP,
});

/** `key="value"`, one a line, sorted. */
const formatMap = (map: Record<string, string> = {}) =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');

/** A container's request or limit, or else what limits it from outside, in units of the divisor, rounded up. */
export function resourceValue(
  { resource, containerName, divisor }: ResourceFieldSelector,
  context: PodContext,
  ownName = '',
): string {
  const name = containerName || ownName;
  const { containers = [], initContainers = [] } = context.pod.spec ?? {};
  const container = [...containers, ...initContainers].find((each) => each.name === name);
  const [, kind, what] = /^(limits|requests)\.(.+)$/.exec(resource) ?? [];
  if (!container || !what)
    throw new ConfigError(`cannot resolve resource ${resource} of container "${name}"`);
  const { limits, requests } = container.resources ?? {};
  const own =
    kind === 'limits'
      ? (ownValue(limits, what) ??
        ownValue(context.pod.spec?.resources?.limits, what) ??
        ownValue(context.allocatable, what))
      : ownValue(requests, what);
  const amount = parseQuantity(own ?? 0) ?? 0n;
  const unit = parseQuantity(divisor || 1) || 1_000_000_000n;
  return String((amount + unit - 1n) / unit);
}
