import { table } from '../../shared/meta/table.ts';
import type { KubeObject } from './objects.ts';

export interface Pod extends KubeObject {
  spec: {
    nodeName?: string;
    restartPolicy?: string;
    containers: { name: string }[];
    initContainers?: { name: string }[];
    ephemeralContainers?: { name: string }[];
    volumes?: { name: string; emptyDir?: object }[];
  };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string; lastTransitionTime?: string }[];
    containerStatuses?: {
      restartCount: number;
      state?: { terminated?: { exitCode: number; reason?: string; message?: string } };
    }[];
  };
}

/** Names of all of a Pod's containers in the order in which they run. */
export const containerNames = ({ spec }: Pod): string[] =>
  [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );

/** The same for people: `app, sidecar, setup (init)`. */
const describedContainers = ({ spec }: Pod): string =>
  [
    ...spec.containers.map(({ name }) => name),
    ...(spec.ephemeralContainers ?? []).map(({ name }) => `${name} (ephem)`),
    ...(spec.initContainers ?? []).map(({ name }) => `${name} (init)`),
  ].join(', ');

const defaultContainer = 'kubectl.kubernetes.io/default-container';

/** The container that is meant where none is named: that of an annotation, else the first, which is told where there are more. */
export function defaultContainerOf(pod: Pod, tell: (line: string) => void): string {
  const names = containerNames(pod);
  const preset = pod.metadata.annotations?.[defaultContainer];
  if (preset && names.includes(preset)) return preset;
  const first = pod.spec.containers[0]!.name;
  if (names.length > 1) tell(`Defaulted container "${first}" out of: ${describedContainers(pod)}`);
  return first;
}

const phases: Record<string, number> = table({ Running: 0, Unknown: 1, Pending: 2 });
const ready = (pod: Pod) =>
  pod.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True');
const restarts = (pod: Pod) =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map((c) => c.restartCount));

/** The order in which kubectl looks for the Pod whose logs say most: assigned, running, ready (longest), … */
export const byLogging = (a: Pod, b: Pod): number => byState(a, b, (x, y) => restarts(y) - restarts(x));

/** The same for the Pod that serves best: what has restarted seldom goes first. */
export const byActivity = (a: Pod, b: Pod): number => byState(a, b, (x, y) => restarts(x) - restarts(y));

function byState(a: Pod, b: Pod, byRestarts: (a: Pod, b: Pod) => number): number {
  const first = (x: boolean, y: boolean) => Number(y) - Number(x);
  return (
    first(Boolean(a.spec.nodeName), Boolean(b.spec.nodeName)) ||
    (phases[a.status?.phase ?? ''] ?? 0) - (phases[b.status?.phase ?? ''] ?? 0) ||
    first(Boolean(ready(a)), Boolean(ready(b))) ||
    order(ready(a)?.lastTransitionTime, ready(b)?.lastTransitionTime) ||
    byRestarts(a, b) ||
    order(a.metadata.creationTimestamp, b.metadata.creationTimestamp)
  );
}

const order = (a = '', b = '') => (a === b ? 0 : a < b ? -1 : 1);
