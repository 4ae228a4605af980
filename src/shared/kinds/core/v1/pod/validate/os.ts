/** The rules of an operating system, and of containers that are processes of a Windows host. */
import type { Cause } from '../../../../../errors/apiError.ts';
import type { Container, PodSpec } from '../../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../../validation/causes.ts';

/** Returns what is wrong with a Pod's operating system, and which fields do not go with it. */
export function validOS(field: string, spec: PodSpec): Cause[] {
  if (!spec.os) return [];
  const { name } = spec.os;
  if (!name) return [required(`${field}.os.name`)];
  if (name === 'linux') return linux(field, spec);
  if (name === 'windows') return windows(field, spec);
  return [notSupported(`${field}.os`, name, ['linux', 'windows'])];
}

/** Containers of every list with their paths, in the order in which Kubernetes visits them. */
export function containersOf(field: string, spec: PodSpec): [string, Container][] {
  const all: [string, Container][] = [];
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    spec[list]?.forEach((container, i) => {
      all.push([`${field}.${list}[${i}]`, container as Container]);
    });
  }
  return all;
}

/** Returns whether any container is such, without the work of naming them. */
export const someContainer = (spec: PodSpec, is: (container: Container) => boolean): boolean =>
  spec.containers.some(is) ||
  (spec.initContainers?.some(is) ?? false) ||
  (spec.ephemeralContainers?.some((container) => is(container as Container)) ?? false);

const isOfWindows = ({ securityContext }: Container) => securityContext?.windowsOptions !== undefined;

function linux(field: string, spec: PodSpec): Cause[] {
  const why = 'windows options cannot be set for a linux pod';
  const causes: Cause[] = [];
  if (spec.securityContext?.windowsOptions)
    causes.push(forbidden(`${field}.securityContext.windowsOptions`, why));
  for (const [at, { securityContext }] of containersOf(field, spec)) {
    if (securityContext?.windowsOptions) causes.push(forbidden(`${at}.securityContext.windowsOptions`, why));
  }
  return causes;
}

const pod = [
  'securityContext.appArmorProfile',
  'securityContext.seLinuxOptions',
  'hostUsers',
  'hostPID',
  'hostIPC',
  'securityContext.seccompProfile',
  'securityContext.fsGroup',
  'securityContext.fsGroupChangePolicy',
  'securityContext.sysctls',
  'shareProcessNamespace',
  'securityContext.runAsUser',
  'securityContext.runAsGroup',
  'securityContext.supplementalGroups',
  'securityContext.supplementalGroupsPolicy',
  'securityContext.seLinuxChangePolicy',
];
/** Absent is what false means for these. */
const flags = ['hostPID', 'hostIPC'];
const container = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

function windows(field: string, spec: PodSpec): Cause[] {
  const why = 'cannot be set for a windows pod';
  const context = (spec.securityContext ?? {}) as Record<string, unknown>;
  const own = spec as unknown as Record<string, unknown>;
  const isSet = (path: string) => {
    const name = path.replace('securityContext.', '');
    const value = name === path ? own[name] : context[name];
    return flags.includes(path) ? !!value : value !== undefined;
  };
  const causes = pod.filter(isSet).map((path) => forbidden(`${field}.${path}`, why));
  for (const [at, { securityContext }] of containersOf(field, spec)) {
    for (const name of container) {
      if (securityContext?.[name] !== undefined) causes.push(forbidden(`${at}.securityContext.${name}`, why));
    }
  }
  return causes;
}

/** Such containers are as privileged as can be; this server allows privileged containers. */
export function validHostProcess(field: string, spec: PodSpec): Cause[] {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  if (ofPod === undefined && !someContainer(spec, isOfWindows)) return [];
  const causes: Cause[] = [];
  let all = 0;
  let host = 0;
  for (const [at, { securityContext }] of containersOf(field, spec)) {
    all++;
    const own = securityContext?.windowsOptions?.hostProcess;
    if (ofPod !== undefined && own !== undefined && ofPod !== own) {
      const why = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
      causes.push(invalidValue(`${at}.securityContext.windowsOptions.hostProcess`, own, why));
    }
    if (own ?? ofPod) host++;
  }
  if (host === 0) return causes;
  if (host !== all) {
    const why =
      'If pod contains any hostProcess containers then all containers must be HostProcess containers';
    causes.push(invalidValue(field, '', why));
  }
  if (!spec.hostNetwork) {
    const why = 'hostNetwork must be true if pod contains any hostProcess containers';
    causes.push(invalidValue(`${field}.hostNetwork`, false, why));
  }
  return causes;
}
