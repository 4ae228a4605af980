import type {
  Container,
  Deployment,
  Ingress,
  Namespace,
  Secret,
  Service,
} from '../../../src/shared/kinds/schema/types.ts';
import type { KubeObject } from '../../../src/shared/meta/object.ts';
import { deploymentOf } from '../controllers/world.ts';

/** Where the story happens. */
export interface Place {
  cluster: string;
  namespace: string;
  name: string;
}

export const places: readonly Place[] = [
  { cluster: 'default', namespace: 'default', name: 'web' },
  { cluster: 'default', namespace: 'other', name: 'api' },
  { cluster: 'red', namespace: 'default', name: 'web' },
];

/** With a Secret's value in its environment. */
export const containerOf = (image: string): Container => ({
  name: 'c',
  image,
  env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'key', key: 'value' } } }],
});

export function workloadOf({ namespace, name }: Place, replicas: number): Deployment {
  const deployment = deploymentOf(name, replicas);
  deployment.metadata.namespace = namespace;
  deployment.spec!.template.spec!.containers = [containerOf('app:0')];
  return deployment;
}

export const serviceOf = ({ namespace, name }: Place): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: {
    type: 'LoadBalancer',
    selector: { app: name },
    ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
  },
});

/** Leads to the Service of the same name. */
export const ingressOf = ({ namespace, name }: Place): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace },
  spec: { ingressClassName: 'alb', defaultBackend: { service: { name, port: { number: 80 } } } },
});

export const secretOf = ({ namespace }: Place): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'key', namespace },
  stringData: { value: 'v' },
});

export const namespaceOf = (name: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});

export const clusterOf = (name: string): KubeObject => ({
  apiVersion: 'shallop.dev/v1',
  kind: 'LogicalCluster',
  metadata: { name },
});
