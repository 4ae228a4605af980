/** Is what the level `baseline` forbids, in the words of Kubernetes: known ways from a Pod to its node. */
import { type Check, containersOf, containersWith, named, plural, quoted, setters, sorted } from './words.ts';

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompPrefix = 'container.seccomp.security.alpha.kubernetes.io/';

export const appArmorProfile: Check = (pod) => {
  const isBad = (type: string | undefined) =>
    type !== undefined && !['RuntimeDefault', 'Localhost'].includes(type);
  const { appArmorProfile: own } = pod.spec.securityContext ?? {};
  const containers = containersWith(pod, (context) => isBad(context?.appArmorProfile?.type));
  const types = [own, ...containersOf(pod.spec).map((c) => c.securityContext?.appArmorProfile)]
    .map((profile) => profile?.type)
    .filter(isBad);
  const annotations = Object.entries(pod.metadata.annotations ?? {})
    .filter(
      ([key, value]) =>
        key.startsWith(appArmorPrefix) &&
        value !== '' &&
        value !== 'runtime/default' &&
        !value.startsWith('localhost/'),
    )
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const values = [...sorted(types as string[]), ...annotations];
  const who = [
    ...(setters(isBad(own?.type), containers) ? [setters(isBad(own?.type), containers)] : []),
    ...(annotations.length > 0 ? [plural('annotation', annotations.length)] : []),
  ];
  if (who.length === 0) return undefined;
  return {
    reason: plural('forbidden AppArmor profile', values.length),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
  };
};

const capabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export const capabilitiesBaseline: Check = (pod) => {
  const added = (context: { capabilities?: { add?: string[] } } | undefined) =>
    (context?.capabilities?.add ?? []).filter((name) => !capabilities.has(name));
  const containers = containersWith(pod, (context) => added(context).length > 0);
  if (containers.length === 0) return undefined;
  const names = sorted(containersOf(pod.spec).flatMap((c) => added(c.securityContext)));
  return {
    reason: 'non-default capabilities',
    detail: `${named('container', containers)} must not include ${quoted(names)} in securityContext.capabilities.add`,
  };
};

export const hostNamespaces: Check = ({ spec }) => {
  const set = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
  return set.length > 0
    ? { reason: 'host namespaces', detail: set.map((field) => `${field}=true`).join(', ') }
    : undefined;
};

export const hostPathVolumes: Check = ({ spec }) => {
  const volumes = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  return volumes.length > 0 ? { reason: 'hostPath volumes', detail: named('volume', volumes) } : undefined;
};

export const hostPorts: Check = (pod) => {
  const containers = containersWith(pod, (_, { ports = [] }) => ports.some(({ hostPort }) => hostPort));
  if (containers.length === 0) return undefined;
  const ports = sorted(
    containersOf(pod.spec).flatMap((c) =>
      (c.ports ?? []).flatMap(({ hostPort }) => (hostPort ? [`${hostPort}`] : [])),
    ),
  );
  const uses = plural('uses', containers.length, 'use');
  return {
    reason: 'hostPort',
    detail: `${named('container', containers)} ${uses} ${plural('hostPort', ports.length)} ${ports.join(', ')}`,
  };
};

export const hostProbes: Check = (pod) => {
  const hostsOf = ({
    livenessProbe,
    readinessProbe,
    startupProbe,
    lifecycle,
  }: ReturnType<typeof containersOf>[number]) =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(
      (each) => [each?.httpGet?.host, each?.tcpSocket?.host].filter((host) => !!host) as string[],
    );
  const containers = sorted(containersWith(pod, (_, container) => hostsOf(container).length > 0));
  if (containers.length === 0) return undefined;
  const hosts = sorted(containersOf(pod.spec).flatMap(hostsOf));
  const uses = plural('uses', containers.length, 'use');
  return {
    reason: 'probe or lifecycle host',
    detail: `${named('container', containers)} ${uses} ${named('probe or lifecycle host', hosts)}`,
  };
};

export const privileged: Check = (pod) => {
  const containers = containersWith(pod, (context) => context?.privileged === true);
  return containers.length > 0
    ? {
        reason: 'privileged',
        detail: `${named('container', containers)} must not set securityContext.privileged=true`,
      }
    : undefined;
};

/** Of every Pod. */
export const procMount: Check = (pod) => {
  const isBad = (type: string | undefined) => type !== undefined && type !== 'Default';
  const containers = containersWith(pod, (context) => isBad(context?.procMount));
  if (containers.length === 0) return undefined;
  const types = containersOf(pod.spec).flatMap(({ securityContext }) =>
    isBad(securityContext?.procMount) ? [securityContext?.procMount ?? ''] : [],
  );
  return {
    reason: 'procMount',
    detail: `${named('container', containers)} must not set securityContext.procMount to ${quoted(sorted(types))}`,
  };
};

/** Seccomp as it was before it had fields. */
export const seccompAnnotations: Check = ({ metadata: { annotations = {} }, spec }) => {
  const keys = [seccompPod, ...containersOf(spec).map(({ name }) => seccompPrefix + name)];
  const isFine = (value: string) =>
    value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');
  const forbidden = sorted(
    keys
      .filter((key) => Object.hasOwn(annotations, key) && !isFine(annotations[key]!))
      .map((key) => `${key}=${JSON.stringify(annotations[key])}`),
  );
  return forbidden.length > 0
    ? {
        reason: 'seccompProfile',
        detail: `forbidden ${plural('annotation', forbidden.length)} ${forbidden.join(', ')}`,
      }
    : undefined;
};

/** Returns whether a type of seccomp profile is one that confines. */
export const isConfined = (type: string | undefined): boolean =>
  type === 'Localhost' || type === 'RuntimeDefault';

/** Returns who sets a profile that does not confine, and which. */
export const seccompBaseline: Check = (pod) => {
  const own = pod.spec.securityContext?.seccompProfile;
  const isBad = (profile: { type: string } | undefined) => profile !== undefined && !isConfined(profile.type);
  const who = setters(
    isBad(own),
    containersWith(pod, (context) => isBad(context?.seccompProfile)),
  );
  if (!who) return undefined;
  const types = [own, ...containersOf(pod.spec).map((c) => c.securityContext?.seccompProfile)]
    .filter(isBad)
    .map((profile) => profile?.type ?? '');
  return {
    reason: 'seccompProfile',
    detail: `${who} must not set securityContext.seccompProfile.type to ${quoted(sorted(types))}`,
  };
};

/** @param allowed Types besides none. */
export const seLinuxOptions =
  (...allowed: string[]): Check =>
  (pod) => {
    const own = pod.spec.securityContext?.seLinuxOptions;
    const isBadType = (type = '') => type !== '' && !allowed.includes(type);
    const isBad = (options: typeof own) =>
      options !== undefined && (isBadType(options.type) || !!options.user || !!options.role);
    const who = setters(
      isBad(own),
      containersWith(pod, (context) => isBad(context?.seLinuxOptions)),
    );
    if (!who) return undefined;
    const all = [own, ...containersOf(pod.spec).map((c) => c.securityContext?.seLinuxOptions)];
    const types = sorted(all.flatMap((options) => (isBadType(options?.type) ? [options?.type ?? ''] : [])));
    const data = [
      ...(types.length > 0 ? [named('type', types)] : []),
      ...(all.some((options) => options?.user) ? ['user may not be set'] : []),
      ...(all.some((options) => options?.role) ? ['role may not be set'] : []),
    ];
    return {
      reason: 'seLinuxOptions',
      detail: `${who} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
    };
  };

/** @param allowed Kernel parameters that are safe. */
export const sysctls =
  (...allowed: string[]): Check =>
  ({ spec }) => {
    const forbidden = (spec.securityContext?.sysctls ?? [])
      .map(({ name }) => name)
      .filter((name) => !allowed.includes(name));
    return forbidden.length > 0 ? { reason: 'forbidden sysctls', detail: forbidden.join(', ') } : undefined;
  };

export const windowsHostProcess: Check = (pod) => {
  const isHost = (context: { windowsOptions?: { hostProcess?: boolean } } | undefined) =>
    context?.windowsOptions?.hostProcess === true;
  const who = setters(isHost(pod.spec.securityContext), containersWith(pod, isHost));
  return who
    ? { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` }
    : undefined;
};
