import { parseAllDocuments } from 'yaml';
import type { Ports } from './operator.ts';

/** As much of a manifest as has to be changed. */
interface Manifest {
  kind: string;
  apiVersion: string;
  metadata: { name: string; namespace?: string };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
}

/** What an operator is installed by, made ready for a program that runs on this machine. */
export interface Installation {
  /** All but its Deployment. Its Services lead to this machine. */
  readonly objects: Manifest[];
  /** The account that its Deployment runs as. */
  readonly account: { readonly namespace: string; readonly name: string };
  /** Folders in which its container would have the content of Secrets. */
  readonly mounts: readonly Mount[];
  /** The configuration that it comes with. */
  readonly configuration: string | undefined;
}

/** A Secret as files. */
export interface Mount {
  readonly secret: string;
  readonly path: string;
}

/** @throws when there is no Deployment among the manifests. */
export function installationOf(manifests: string, ports: Ports): Installation {
  const all = parseAllDocuments(manifests)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest): manifest is Manifest => manifest !== null);
  const deployment = all.find(({ kind }) => kind === 'Deployment');
  if (!deployment) throw new Error('the manifests have no Deployment');
  const { template } = deployment.spec as { template: { spec: PodSpec } };
  return {
    objects: all
      .filter((manifest) => manifest !== deployment && manifest.kind !== 'ServiceMonitor')
      .flatMap((manifest) => (manifest.kind === 'Service' ? onThisMachine(manifest, ports) : [manifest])),
    account: {
      namespace: deployment.metadata.namespace ?? 'default',
      name: template.spec.serviceAccountName,
    },
    mounts: mountsOf(template.spec),
    configuration: all.find(({ kind }) => kind === 'ConfigMap')?.data?.['controller_manager_config.yaml'],
  };
}

interface PodSpec {
  serviceAccountName: string;
  containers: { volumeMounts?: { name: string; mountPath: string }[] }[];
  volumes?: { name: string; secret?: { secretName: string } }[];
}

const mountsOf = ({ containers, volumes = [] }: PodSpec): Mount[] =>
  containers
    .flatMap(({ volumeMounts = [] }) => volumeMounts)
    .flatMap(({ name, mountPath }) => {
      const secret = volumes.find((own) => own.name === name)?.secret?.secretName;
      return secret ? [{ secret, path: mountPath }] : [];
    });

interface ServicePort {
  name?: string;
  port: number;
  targetPort?: number | string;
}

/** A Service of no Pods, whose endpoint is the program. */
function onThisMachine(service: Manifest, ports: Ports): Manifest[] {
  const {
    selector: _selector,
    clusterIP: _address,
    ...spec
  } = service.spec as {
    selector?: unknown;
    clusterIP?: unknown;
    ports: ServicePort[];
  };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...service.metadata,
      labels: { 'kubernetes.io/service-name': service.metadata.name },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
    ports: spec.ports.map(({ name, port, targetPort }) => ({
      ...(name && { name }),
      port: ports(typeof targetPort === 'number' ? targetPort : port),
      protocol: 'TCP',
    })),
  };
  return [{ ...service, spec }, slice];
}
