import type { ResourceRule } from './rules.ts';

/** Kubernetes' roles for people, as its bootstrap policy has them, for resources that the API serves now or may later. */

const reading = ['get', 'list', 'watch'];
const writing = ['create', 'update', 'patch', 'delete', 'deletecollection'];

const rule = (verbs: string[], apiGroup: string, ...resources: string[]): ResourceRule => ({
  verbs,
  apiGroups: [apiGroup],
  resources,
});
const withStatus = (...resources: string[]) => resources.flatMap((each) => [each, `${each}/status`]);
const scaled = (...resources: string[]) => resources.flatMap((each) => [each, `${each}/scale`]);

const sessions = ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy'];

export const view: ResourceRule[] = [
  rule(
    reading,
    '',
    'bindings',
    'configmaps',
    'endpoints',
    'events',
    'limitranges',
    'pods/log',
    'replicationcontrollers/scale',
    'serviceaccounts',
    ...withStatus('namespaces', 'persistentvolumeclaims', 'pods', 'replicationcontrollers'),
    ...withStatus('resourcequotas', 'services'),
  ),
  rule(reading, 'discovery.k8s.io', 'endpointslices'),
  rule(
    reading,
    'apps',
    'controllerrevisions',
    'daemonsets/status',
    'daemonsets',
    ...scaled('deployments', 'replicasets', 'statefulsets'),
    'deployments/status',
    'replicasets/status',
    'statefulsets/status',
  ),
  rule(reading, 'autoscaling', ...withStatus('horizontalpodautoscalers')),
  rule(reading, 'batch', ...withStatus('cronjobs', 'jobs')),
  rule(reading, 'policy', ...withStatus('poddisruptionbudgets')),
  rule(reading, 'networking.k8s.io', 'networkpolicies', ...withStatus('ingresses')),
];

export const edit: ResourceRule[] = [
  ...view,
  rule(reading, '', ...sessions, 'secrets', 'services/proxy'),
  rule(['impersonate'], '', 'serviceaccounts'),
  rule(
    writing,
    '',
    'configmaps',
    'events',
    'persistentvolumeclaims',
    'pods',
    ...sessions,
    ...scaled('replicationcontrollers'),
    'secrets',
    'serviceaccounts',
    'services',
    'services/proxy',
  ),
  rule(['create'], '', 'pods/eviction', 'serviceaccounts/token'),
  rule(
    writing,
    'apps',
    'daemonsets',
    ...scaled('deployments', 'replicasets', 'statefulsets'),
    'deployments/rollback',
  ),
  rule(writing, 'autoscaling', 'horizontalpodautoscalers'),
  rule(writing, 'batch', 'cronjobs', 'jobs'),
  rule(writing, 'policy', 'poddisruptionbudgets'),
  rule(writing, 'networking.k8s.io', 'ingresses', 'networkpolicies'),
  rule([...reading, ...writing], 'coordination.k8s.io', 'leases'),
];

export const admin: ResourceRule[] = [
  ...edit,
  rule(['create'], 'authorization.k8s.io', 'localsubjectaccessreviews'),
  rule([...reading, ...writing], 'rbac.authorization.k8s.io', 'rolebindings', 'roles'),
];

export const clusterAdmin: ResourceRule[] = [rule(['*'], '*', '*')];

export const adminView: ResourceRule[] = [rule(reading, '*', '*')];
