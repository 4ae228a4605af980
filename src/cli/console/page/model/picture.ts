import { ownValue } from '../../../../shared/meta/table.ts';
import type { Deployment, EndpointSlice, Pod, ReplicaSet, Service, Thing } from '../api/types.ts';
import { type PodState, stateOf } from './pod.ts';
import { type Rollout, rolloutOf, withFailing } from './rollout.ts';

export interface Observed {
  deployments: readonly Deployment[];
  replicaSets: readonly ReplicaSet[];
  pods: readonly Pod[];
  services: readonly Service[];
  slices: readonly EndpointSlice[];
}

export interface PodNode {
  pod: Pod;
  state: PodState;
  /** Names of the Services that send requests to it. */
  servedBy: string[];
}

export interface SetNode {
  set: ReplicaSet;
  revision: string;
  isNewest: boolean;
  pods: PodNode[];
}

export interface ServiceNode {
  service: Service;
  /** Addresses of Pods that take requests. */
  ready: string[];
}

export interface Workload {
  deployment: Deployment;
  rollout: Rollout;
  /** Newest first; those that have or want Pods, and the newest. */
  sets: SetNode[];
  /** Older ones without Pods, to which one can go back. */
  earlier: SetNode[];
  services: ServiceNode[];
}

/** Pods that no Deployment has made: of a StatefulSet, a Job, or of nobody. */
export interface Others {
  namespace: string;
  /** `StatefulSet db`, or `Pods by themselves`. */
  owner: string;
  pods: PodNode[];
  services: ServiceNode[];
}

export interface Picture {
  workloads: Workload[];
  others: Others[];
  /** Services that select none of these Pods. */
  idle: ServiceNode[];
}

/** What belongs to what: Pods to who controls them, Services to the Pods that they select. */
export function pictureOf(observed: Observed): Picture {
  const services = observed.services.map((service) => serviceNode(service, observed.slices));
  const serving = servicesByPod(observed.slices);
  const nodes = observed.pods.map((pod) => podNode(pod, serving));
  const podsOf = Map.groupBy(nodes, ({ pod }) => ownerOf(pod)?.uid);
  const setsOf = Map.groupBy(observed.replicaSets, (set) => ownerOf(set)?.uid);
  const selecting = (pods: readonly PodNode[], template?: Thing) =>
    services.filter(({ service }) =>
      [...pods.map(({ pod }) => pod), ...(template ? [template] : [])].some((each) => selects(service, each)),
    );
  const workloads = observed.deployments.map((deployment): Workload => {
    const sets = (setsOf.get(deployment.metadata.uid) ?? [])
      .map((set) => setNode(set, podsOf.get(set.metadata.uid) ?? []))
      .sort((a, b) => Number(b.revision) - Number(a.revision));
    if (sets[0]) sets[0].isNewest = true;
    const isShown = ({ isNewest, set, pods }: SetNode) =>
      isNewest || pods.length > 0 || Boolean(set.spec?.replicas);
    const { namespace } = deployment.metadata;
    const template = { metadata: { ...deployment.spec?.template.metadata, namespace } };
    return {
      deployment,
      rollout: withFailing(rolloutOf(deployment), failingIn(sets[0])),
      sets: sets.filter(isShown),
      earlier: sets.filter((set) => !isShown(set)),
      services: selecting(
        sets.flatMap(({ pods }) => pods),
        template,
      ),
    };
  });
  const drawn = new Set(workloads.flatMap(({ sets }) => sets.flatMap(({ pods }) => pods)));
  const left = Map.groupBy(
    nodes.filter((node) => !drawn.has(node)),
    ({ pod }) => `${pod.metadata.namespace}/${ownerName(pod)}`,
  );
  const others = [...left.values()].map((pods): Others => {
    const { pod } = pods[0]!;
    return { namespace: pod.metadata.namespace!, owner: ownerName(pod), pods, services: selecting(pods) };
  });
  const busy = new Set([...workloads, ...others].flatMap((each) => each.services));
  return { workloads, others, idle: services.filter((service) => !busy.has(service)) };
}

const failingIn = (newest: SetNode | undefined): number =>
  newest?.pods.filter(({ state }) => state.tone === 'bad').length ?? 0;

const ownerOf = ({ metadata }: Thing) => metadata.ownerReferences?.find(({ controller }) => controller);

function ownerName(pod: Pod): string {
  const owner = ownerOf(pod);
  return owner ? `${owner.kind} ${owner.name}` : 'Pods by themselves';
}

const setNode = (set: ReplicaSet, pods: PodNode[]): SetNode => ({
  set,
  revision: set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '0',
  isNewest: false,
  pods,
});

const podNode = (pod: Pod, serving: ReadonlyMap<string, ReadonlySet<string>>): PodNode => ({
  pod,
  state: stateOf(pod),
  servedBy: [...(serving.get(pod.metadata.uid ?? '') ?? [])],
});

/** By the uid of a Pod that takes requests, the names of the Services that send them. */
function servicesByPod(slices: readonly EndpointSlice[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const slice of slices)
    for (const { targetRef } of readyEndpoints(slice)) {
      if (!targetRef?.uid) continue;
      const names = found.get(targetRef.uid) ?? new Set();
      found.set(targetRef.uid, names.add(serviceName(slice)));
    }
  return found;
}

const serviceNode = (service: Service, slices: readonly EndpointSlice[]): ServiceNode => ({
  service,
  ready: [
    ...new Set(
      slices
        .filter(
          (slice) =>
            serviceName(slice) === service.metadata.name &&
            slice.metadata.namespace === service.metadata.namespace,
        )
        .flatMap((slice) => readyEndpoints(slice).flatMap(({ addresses }) => addresses)),
    ),
  ],
});

/** Without a word on it, an address is ready. */
const readyEndpoints = ({ endpoints }: EndpointSlice) =>
  (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);

const serviceName = ({ metadata }: EndpointSlice) => metadata.labels?.['kubernetes.io/service-name'] ?? '';

function selects({ metadata, spec }: Service, { metadata: { namespace, labels } }: Thing): boolean {
  const wanted = Object.entries(spec?.selector ?? {});
  return (
    metadata.namespace === namespace &&
    wanted.length > 0 &&
    wanted.every(([name, value]) => ownValue(labels, name) === value)
  );
}
