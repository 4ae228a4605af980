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

/** What an operator is installed by, made ready for programs that run on this machine. */
export interface Installation {
  /** All but its Deployments. Its Services lead to this machine. */
  readonly objects: Manifest[];
  /** In their order; never none. */
  readonly deployments: readonly Deployed[];
  /** The configuration that it comes with. */
  readonly configuration: string | undefined;
}

/** What a Deployment gives its program. */
export interface Deployed {
  readonly name: string;
  readonly account: { readonly namespace: string; readonly name: string };
  readonly env: Readonly<Record<string, string>>;
  /** Folders in which its container would have the content of Secrets and ConfigMaps. */
  readonly mounts: readonly Mount[];
  /** Folders of its container that are empty at first. */
  readonly folders: readonly string[];
}

/** A Secret or a ConfigMap as files. */
export interface Mount {
  readonly namespace: string;
  readonly kind: 'secret' | 'configmap';
  readonly name: string;
  readonly path: string;
}

/** @throws when there is no Deployment among the manifests. */
export function installationOf(manifests: string, ports: Ports): Installation {
  const all = parseAllDocuments(manifests)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest): manifest is Manifest => manifest !== null);
  const deployments = all.filter(({ kind }) => kind === 'Deployment');
  if (deployments.length === 0) throw new Error('the manifests have no Deployment');
  return {
    objects: all
      .filter((manifest) => !deployments.includes(manifest) && manifest.kind !== 'ServiceMonitor')
      .flatMap((manifest) => (manifest.kind === 'Service' ? onThisMachine(manifest, ports) : [manifest])),
    deployments: deployments.map(deployed),
    configuration: all.find(({ kind }) => kind === 'ConfigMap')?.data?.['controller_manager_config.yaml'],
  };
}

function deployed({ metadata, spec }: Manifest): Deployed {
  const { name, namespace = 'default' } = metadata;
  const { template } = spec as { template: { spec: PodSpec } };
  const [container] = template.spec.containers;
  return {
    name,
    account: { namespace, name: template.spec.serviceAccountName ?? 'default' },
    env: Object.fromEntries(
      (container?.env ?? []).flatMap(({ name, value = '', valueFrom }) => {
        if (!valueFrom) return [[name, value]];
        return valueFrom.fieldRef?.fieldPath === 'metadata.namespace' ? [[name, namespace]] : [];
      }),
    ),
    mounts: mountsOf(namespace, template.spec),
    folders: mounted(template.spec, 'emptyDir').map(({ path }) => path),
  };
}

interface PodSpec {
  serviceAccountName?: string;
  containers: {
    env?: { name: string; value?: string; valueFrom?: { fieldRef?: { fieldPath: string } } }[];
    volumeMounts?: { name: string; mountPath: string }[];
  }[];
  volumes?: {
    name: string;
    secret?: { secretName: string };
    configMap?: { name: string; optional?: boolean };
    emptyDir?: object;
  }[];
}

const mountsOf = (namespace: string, spec: PodSpec): Mount[] => [
  ...mounted(spec, 'secret').map(({ path, source: { secretName: name } }) => ({
    namespace,
    kind: 'secret' as const,
    name,
    path,
  })),
  ...mounted(spec, 'configMap').flatMap(({ path, source: { name, optional } }) =>
    optional ? [] : [{ namespace, kind: 'configmap' as const, name, path }],
  ),
];

/** Where its containers have the volumes of a kind. */
const mounted = <K extends 'secret' | 'configMap' | 'emptyDir'>(
  { containers, volumes = [] }: PodSpec,
  kind: K,
) =>
  containers
    .flatMap(({ volumeMounts = [] }) => volumeMounts)
    .flatMap(({ name, mountPath: path }) => {
      const source = volumes.find((own) => own.name === name)?.[kind];
      return source ? [{ path, source }] : [];
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
