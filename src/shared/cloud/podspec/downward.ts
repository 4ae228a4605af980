import type { ObjectFieldSelector, ResourceFieldSelector } from '../../kinds/schema/types.ts';
import { ConfigError, type PodContext } from './context.ts';

/** The value of a downward API field. Throws ConfigError for a field there is none of. */
export function fieldValue({ fieldPath }: ObjectFieldSelector, context: PodContext): string {
  const { pod, ref } = context;
  const subscript = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(fieldPath);
  if (subscript) return pod.metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2]!] ?? '';
  const value = plainFields[fieldPath]?.(context);
  if (value === undefined)
    throw new ConfigError(`unsupported fieldPath ${fieldPath} of pod ${ref.namespace}/${ref.name}`);
  return value;
}

const plainFields: Record<string, (context: PodContext) => string> = {
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
};

/** `key="value"`, one a line, sorted. */
const formatMap = (map: Record<string, string> = {}) =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');

/** A container's request or limit in units of the divisor, rounded up. */
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
  const own = kind === 'limits' ? (limits?.[what] ?? context.allocatable[what]) : requests?.[what];
  const unit = thousandths(String(divisor || '1')) || 1000;
  return String(Math.ceil(thousandths(String(own ?? '0')) / unit));
}

const scale: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

function thousandths(quantity: string): number {
  const [, digits, exponent, suffix = ''] =
    /^([+-]?[\d.]+)(?:[eE]([+-]?\d+)|([a-zA-Z]*))$/.exec(quantity) ?? [];
  if (digits === undefined) return 0;
  return Number(digits) * (exponent ? 10 ** Number(exponent) : (scale[suffix] ?? 1)) * 1000;
}
