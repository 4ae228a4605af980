import type { Resource } from '../kube/discovery.ts';
import { resourceName } from '../kube/discovery.ts';
import type { KubeObject } from '../kube/objects.ts';

/** What tells of programs that run, of disks and of the control plane itself is not taken over, as in a fork. */
const leftOut = new Set([
  'nodes',
  'events',
  'events.events.k8s.io',
  'persistentvolumes',
  'componentstatuses',
  'volumeattachments.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'leases.coordination.k8s.io',
  'ipaddresses.networking.k8s.io',
  'certificatesigningrequests.certificates.k8s.io',
  'logicalclusters.shallop.dev',
]);

/** What is restored first, since the rest needs it, and last, since it may refuse the rest. */
const ranks: ReadonlyMap<string, number> = new Map([
  ['namespaces', 0],
  ['customresourcedefinitions.apiextensions.k8s.io', 1],
  ['priorityclasses.scheduling.k8s.io', 2],
  ['runtimeclasses.node.k8s.io', 2],
  ['storageclasses.storage.k8s.io', 2],
  ['serviceaccounts', 3],
  ['services', 3],
  ['secrets', 3],
  ['configmaps', 3],
  ['persistentvolumeclaims', 3],
  ['resourcequotas', 9],
  ['limitranges', 9],
  ['validatingwebhookconfigurations.admissionregistration.k8s.io', 10],
  ['mutatingwebhookconfigurations.admissionregistration.k8s.io', 10],
  ['validatingadmissionpolicies.admissionregistration.k8s.io', 9],
  ['validatingadmissionpolicybindings.admissionregistration.k8s.io', 10],
  ['mutatingadmissionpolicies.admissionregistration.k8s.io', 9],
  ['mutatingadmissionpolicybindings.admissionregistration.k8s.io', 10],
]);

/** The place of a resource in the order of restoring. */
export const rankOf = (resource: Resource): number => ranks.get(resourceName(resource)) ?? 5;

/** The resources of which objects are taken, each in one version, in the order of restoring. */
export function takenResources(resources: Resource[]): Resource[] {
  const seen = new Set<string>();
  const usable = resources.filter((resource) => {
    const name = resourceName(resource);
    const can = ['list', 'get', 'create'].every((verb) => resource.verbs.includes(verb));
    return can && !leftOut.has(name) && !seen.has(name) && seen.add(name);
  });
  return usable.sort((a, b) => rankOf(a) - rankOf(b));
}

/** Is made by the control plane of each cluster, for itself. */
const ofCluster = new Set([
  'v1 Service default/kubernetes',
  'v1 Service kube-system/kube-dns',
  'v1 ConfigMap kube-system/extension-apiserver-authentication',
  'v1 Endpoints default/kubernetes',
  'v1 Endpoints kube-system/kube-dns',
  'discovery.k8s.io/v1 EndpointSlice default/kubernetes',
]);

const sliceOwner = 'endpointslice.kubernetes.io/managed-by';

/** True for an object of which a snapshot tells. `selecting` are the Services that find their endpoints themselves. */
export function isTaken(object: KubeObject, selecting: ReadonlySet<string>): boolean {
  const { apiVersion, kind, metadata } = object;
  const { namespace, name, labels = {} } = metadata;
  if (metadata.deletionTimestamp || ofCluster.has(`${apiVersion} ${kind} ${namespace}/${name}`)) return false;
  if (apiVersion === 'v1' && kind === 'Pod') return !isControlled(object) && !hasEnded(object);
  if (apiVersion === 'v1' && kind === 'ConfigMap') return name !== 'kube-root-ca.crt';
  if (apiVersion === 'v1' && kind === 'Endpoints') return !selecting.has(`${namespace}/${name}`);
  if (kind === 'EndpointSlice') return !/^endpointslice/.test(labels[sliceOwner] ?? '');
  if (kind === 'APIService') return labels['kube-aggregator.kubernetes.io/automanaged'] === undefined;
  return true;
}

const isControlled = ({ metadata }: KubeObject): boolean =>
  ((metadata.ownerReferences ?? []) as { controller?: boolean }[]).some(({ controller }) => controller);

const hasEnded = ({ status }: KubeObject): boolean =>
  ['Succeeded', 'Failed'].includes(String((status as { phase?: string } | undefined)?.phase));

/** `namespace/name` of a Service that selects Pods. */
export const selectingName = ({ apiVersion, kind, metadata, spec }: KubeObject): string | undefined =>
  apiVersion === 'v1' && kind === 'Service' && (spec as { selector?: object } | undefined)?.selector
    ? `${metadata.namespace}/${metadata.name}`
    : undefined;
