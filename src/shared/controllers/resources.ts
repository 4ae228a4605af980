import type { Resource } from '../kinds/kind.ts';
import type {
  ConfigMap,
  Deployment,
  EndpointSlice,
  Endpoints,
  Event,
  Lease,
  Namespace,
  Node,
  Pod,
  ReplicaSet,
  Secret,
  Service,
  ServiceAccount,
} from '../kinds/schema/types.ts';
import type { KubeObject } from '../meta/object.ts';

/** The addresses of the kinds that controllers speak of; all else about a kind is the API's business. */
const namespaced = <T extends KubeObject>(
  group: string,
  version: string,
  kind: string,
  plural: string,
): Resource<T> => ({
  group,
  version,
  kind,
  plural,
  namespaced: true,
});
const clusterScoped = <T extends KubeObject>(
  group: string,
  version: string,
  kind: string,
  plural: string,
): Resource<T> => ({ group, version, kind, plural, namespaced: false });

export const namespaces = clusterScoped<Namespace>('', 'v1', 'Namespace', 'namespaces');
export const nodes = clusterScoped<Node>('', 'v1', 'Node', 'nodes');
export const pods = namespaced<Pod>('', 'v1', 'Pod', 'pods');
export const services = namespaced<Service>('', 'v1', 'Service', 'services');
export const endpoints = namespaced<Endpoints>('', 'v1', 'Endpoints', 'endpoints');
export const configMaps = namespaced<ConfigMap>('', 'v1', 'ConfigMap', 'configmaps');
export const secrets = namespaced<Secret>('', 'v1', 'Secret', 'secrets');
export const serviceAccounts = namespaced<ServiceAccount>('', 'v1', 'ServiceAccount', 'serviceaccounts');
export const events = namespaced<Event>('', 'v1', 'Event', 'events');
export const deployments = namespaced<Deployment>('apps', 'v1', 'Deployment', 'deployments');
export const replicaSets = namespaced<ReplicaSet>('apps', 'v1', 'ReplicaSet', 'replicasets');
export const leases = namespaced<Lease>('coordination.k8s.io', 'v1', 'Lease', 'leases');
export const endpointSlices = namespaced<EndpointSlice>(
  'discovery.k8s.io',
  'v1',
  'EndpointSlice',
  'endpointslices',
);
/** Served only in the cluster `default`. */
export const logicalClusters = clusterScoped<KubeObject>(
  'shallop.dev',
  'v1',
  'LogicalCluster',
  'logicalclusters',
);

/** Kinds whose objects may own or be owned, and which a namespace takes with it when it goes. */
export const ownable: Resource[] = [
  deployments,
  replicaSets,
  pods,
  services,
  endpoints,
  endpointSlices,
  configMaps,
  secrets,
  serviceAccounts,
  leases,
];
