import { table } from '../../shared/meta/table.ts';
import type { KubeObject } from './objects.ts';

export interface Pod extends KubeObject {
  spec: {
    nodeName?: string;
    containers: { name: string }[];
    initContainers?: { name: string }[];
    ephemeralContainers?: { name: string }[];
  };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string; lastTransitionTime?: string }[];
    containerStatuses?: { restartCount: number }[];
  };
}

/** Names of all of a Pod's containers in the order in which they run. */
export const containerNames = ({ spec }: Pod): string[] =>
  [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );

/** The same for people: `app, sidecar, setup (init)`. */
export const describedContainers = ({ spec }: Pod): string =>
  [
    ...spec.containers.map(({ name }) => name),
    ...(spec.ephemeralContainers ?? []).map(({ name }) => `${name} (ephem)`),
    ...(spec.initContainers ?? []).map(({ name }) => `${name} (init)`),
  ].join(', ');

const phases: Record<string, number> = table({ Running: 0, Unknown: 1, Pending: 2 });
const ready = (pod: Pod) =>
  pod.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True');
const restarts = (pod: Pod) =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map((c) => c.restartCount));

/** The order in which kubectl looks for the Pod whose logs say most: assigned, running, ready (longest), … */
export function byLogging(a: Pod, b: Pod): number {
  const first = (x: boolean, y: boolean) => Number(y) - Number(x);
  return (
    first(Boolean(a.spec.nodeName), Boolean(b.spec.nodeName)) ||
    (phases[a.status?.phase ?? ''] ?? 0) - (phases[b.status?.phase ?? ''] ?? 0) ||
    first(Boolean(ready(a)), Boolean(ready(b))) ||
    order(ready(a)?.lastTransitionTime, ready(b)?.lastTransitionTime) ||
    restarts(b) - restarts(a) ||
    order(a.metadata.creationTimestamp, b.metadata.creationTimestamp)
  );
}

const order = (a = '', b = '') => (a === b ? 0 : a < b ? -1 : 1);
