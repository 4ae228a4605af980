import type { Pod } from '../../../../shared/kinds/schema/types.ts';
import type { PodRef } from '../../../../shared/ports/cloud.ts';
import { hostnameOf } from '../native/files.ts';
import { sysctlsOf } from '../native/sysctls.ts';
import type { Launch, Mount } from '../sandbox.ts';
import type { Engine } from './find.ts';
import { engineResources } from './resources.ts';
import { securityOf } from './security.ts';

/** The log that an engine keeps of a container: as much as kubelet keeps, and as many files. */
const log = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '5' } };

export interface PodBody {
  ref: PodRef;
  pod: Pod;
  image: string;
  labels: Record<string, string>;
  /** The Pod's ports are to be reached on loopback, as its address is not reached from here. */
  isPublished: boolean;
}

/** Returns what an engine is told of the container that keeps a Pod's namespaces. */
export function podBody({ ref, pod, image, labels, isPublished }: PodBody): object {
  const { spec } = pod;
  const hostname = hostnameOf({ spec, podName: ref.name, namespace: ref.namespace });
  const ownNetwork = !spec?.hostNetwork;
  const ports = isPublished && ownNetwork ? portsOf(pod) : [];
  const sysctls = sysctlsOf(spec, { network: ownNetwork, isOwner: true }).map(({ name, value }) => [
    name,
    value,
  ]);
  return {
    Image: image,
    Labels: labels,
    ...(hostname && { Hostname: hostname }),
    ...(ports.length && { ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) }),
    HostConfig: {
      NetworkMode: ownNetwork ? 'bridge' : 'host',
      IpcMode: spec?.hostIPC ? 'host' : 'shareable',
      ...(spec?.hostPID && { PidMode: 'host' }),
      Sysctls: Object.fromEntries(sysctls),
      ...(ports.length && {
        PortBindings: Object.fromEntries(
          ports.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '' }]]),
        ),
      }),
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}

/** The ports that a Pod's containers name, `5000/tcp`. */
function portsOf({ spec }: Pod): string[] {
  const named = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].flatMap(
    ({ ports = [] }) => ports,
  );
  return [
    ...new Set(
      named
        .filter(({ protocol = 'TCP' }) => protocol !== 'SCTP')
        .map(({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol.toLowerCase()}`),
    ),
  ];
}

const byPropagation = { HostToContainer: 'rslave', Bidirectional: 'rshared' } as const;

export interface ContainerBody {
  ref: PodRef;
  launch: Launch;
  labels: Record<string, string>;
  /** The container whose namespaces it joins. */
  pause: string;
  /** The container whose processes it is among. */
  target?: string;
  /** Files of ours beside those of the Pod's volumes, which go before. */
  ours: Mount[];
  engine: Pick<Engine, 'kind' | 'hasLabels'>;
}

/** Returns what an engine is told of a container. Throws ConfigError in kubelet's words. */
export function containerBody({ ref, launch, labels, pause, target, ours, engine }: ContainerBody): object {
  const { container, pod, image, command } = launch;
  const { spec } = pod;
  const security = securityOf({
    container,
    spec,
    imageUser: image.user ?? '',
    podName: `${ref.name}_${ref.namespace}(${ref.uid})`,
    hasLabels: engine.hasLabels,
  });
  const join = `container:${pause}`;
  const taken = new Set(launch.mounts.map(({ target }) => target.replace(/\/+$/, '')));
  const mounts = [...ours.filter(({ target }) => !taken.has(target)), ...launch.mounts];
  return {
    Image: image.engineId,
    Labels: labels,
    Entrypoint: command,
    Cmd: [],
    Env: Object.entries(launch.env).map(([name, value]) => `${name}=${value}`),
    WorkingDir: launch.workingDir || image.workingDir || '/',
    ...(security.user && { User: security.user }),
    ...(launch.stdin && { OpenStdin: true, StdinOnce: launch.stdin === 'once' }),
    Tty: Boolean(launch.tty),
    // Kubernetes has probes of its own.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: launch.hostNetwork ? 'host' : join,
      IpcMode: spec?.hostIPC ? 'host' : join,
      ...(target
        ? { PidMode: `container:${target}` }
        : spec?.hostPID
          ? { PidMode: 'host' }
          : spec?.shareProcessNamespace && { PidMode: join }),
      // Docker gives those who share a network its name by itself, and knows no such mode.
      ...(engine.kind === 'podman' && !launch.hostNetwork && { UTSMode: join }),
      Mounts: mounts.map(({ source, target, readOnly, propagation }) => ({
        Type: 'bind',
        Source: source,
        Target: target,
        ReadOnly: readOnly,
        ...(propagation && { BindOptions: { Propagation: byPropagation[propagation] } }),
      })),
      ...engineResources(container.resources),
      ...security.host,
      LogConfig: log,
      RestartPolicy: { Name: 'no' },
    },
  };
}
