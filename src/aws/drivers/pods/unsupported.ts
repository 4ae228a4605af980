import type { Container, Pod, Volume } from '../../../shared/kinds/schema/types.ts';
import { containersOf, fieldPathOf } from '../../../shared/podspec/containers.ts';
import type { RuntimeEvent } from '../../../shared/ports/cloud.ts';
import { hasToken, isApiVolume } from './apiAccess.ts';
import { impossible } from './capabilities.ts';
import { type HookLeftOut, hooksLeftOut } from './hooks.ts';
import { probingOf } from './probes.ts';
import { diskSize, requested, roundUp } from './sizes.ts';
import { isUserUnknown } from './users.ts';
import { fileSystemOf } from './volumes.ts';

/**
 * Returns why a Pod can never run on Fargate, in the words that EKS uses; undefined when it can. Such a Pod waits with
 * this message instead of failing: its owner would only make the next one, without end.
 */
export function unsupported(pod: Pod, hasApi: boolean): string | undefined {
  const { spec } = pod;
  if (!spec) return undefined;
  const fields = [
    ...hostFields.filter((field) => spec[field]),
    ...(spec.ephemeralContainers?.length ? ['ephemeralContainers'] : []),
    ...(spec.securityContext?.sysctls?.length ? ['securityContext.sysctls'] : []),
    ...(spec.securityContext?.seccompProfile?.type === 'Localhost' ? [localSeccomp] : []),
    ...(spec.volumes ?? []).flatMap((volume) => volumeProblem(volume, hasApi)),
    ...containersOf(pod).flatMap(containerProblems),
  ];
  if (fields.length)
    return `Pod not supported on Fargate: fields not supported: ${[...new Set(fields)].join(', ')}`;
  if (!roundUp(requested(spec)))
    return 'Pod not supported on Fargate: its requests exceed 32 vCPU or 244 GiB, or no size has both';
  if (diskSize(spec) === Number.POSITIVE_INFINITY)
    return 'Pod not supported on Fargate: it requests more than 200 GiB of ephemeral storage';
  return undefined;
}

const hostFields = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

const volumeKinds = new Set([
  'configMap',
  'secret',
  'projected',
  'downwardAPI',
  'emptyDir',
  'nfs',
  'persistentVolumeClaim',
  'ephemeral',
]);

function volumeProblem(volume: Volume, hasApi: boolean): string[] {
  const { name: _, ...sources } = volume;
  const kind = Object.keys(sources)[0] ?? 'emptyDir';
  if (volume.nfs && !fileSystemOf(volume)) return ['volumes.nfs of a server other than EFS'];
  if (!volumeKinds.has(kind)) return [`volumes.${kind}`];
  // The one that every Pod gets is left out there: nobody asked for it.
  return hasToken(volume) && !hasApi && !isApiVolume(volume)
    ? ['volumes.projected.serviceAccountToken where Pods do not reach the API']
    : [];
}

/** The runtime's own profile holds; there is no node on which another could lie. */
const localSeccomp = 'securityContext.seccompProfile.type: Localhost';

function containerProblems(container: Container): string[] {
  const { securityContext, volumeDevices, ports } = container;
  return [
    ...(securityContext?.privileged ? ['securityContext.privileged'] : []),
    ...(securityContext?.seccompProfile?.type === 'Localhost' ? [localSeccomp] : []),
    ...impossible(container).map((each) => `securityContext.capabilities.add: ${each}`),
    ...(volumeDevices?.length ? ['volumeDevices'] : []),
    ...(ports?.some(({ hostPort }) => hostPort) ? ['ports.hostPort'] : []),
  ];
}

/** Returns what a Pod asks for and does without: said once in an Event, no reason not to run it. */
export function ignored(pod: Pod): string[] {
  const { spec } = pod;
  const all = containersOf(pod);
  const seccomp = [spec, ...all].map((each) => each?.securityContext?.seccompProfile?.type);
  return [
    // Nobody knows the image's user before it runs.
    ...(all.some((each) => isUserUnknown(each, pod))
      ? ['securityContext.runAsNonRoot of containers without runAsUser']
      : []),
    ...(spec?.securityContext?.supplementalGroups?.length ? ['securityContext.supplementalGroups'] : []),
    // ECS caches no image.
    ...(all.some(({ imagePullPolicy }) => imagePullPolicy === 'Never') ? ['imagePullPolicy: Never'] : []),
    ...(seccomp.includes('Unconfined') ? ['securityContext.seccompProfile.type: Unconfined'] : []),
    ...(all.some(({ lifecycle }) => lifecycle?.stopSignal) ? ['lifecycle.stopSignal'] : []),
    ...(spec?.volumes?.some(({ emptyDir }) => emptyDir?.medium === 'Memory')
      ? ['volumes.emptyDir.medium']
      : []),
    // A task has the names of its VPC.
    ...(spec?.hostAliases?.length ? ['hostAliases'] : []),
    ...(spec?.dnsConfig ? ['dnsConfig'] : []),
    ...((spec?.terminationGracePeriodSeconds ?? 0) > 120 ? ['terminationGracePeriodSeconds beyond 120'] : []),
  ];
}

/** Returns what a Pod's containers ask for and do without, with the way out of each: Events at its first start. */
export function leftOut(pod: Pod, crowdedOut: HookLeftOut[] = []): RuntimeEvent[] {
  const event = (reason: string, container: string, message: string): RuntimeEvent => ({
    type: 'Warning',
    reason,
    message,
    fieldPath: fieldPathOf(pod, container),
  });
  const hooks = [...hooksLeftOut(pod), ...crowdedOut].map(({ container, message }) =>
    event('UnsupportedLifecycleHook', container, message),
  );
  const probes = containersOf(pod).flatMap((container) =>
    probingOf(container, '').left.map(({ kind, why }) => {
      const what = `The ${kind} probe of container ${container.name} is not asked on Fargate: ${probeReasons[why]}`;
      return event('UnsupportedProbe', container.name, what);
    }),
  );
  return [...hooks, ...probes];
}

const probeReasons = {
  second:
    'ECS runs one command in a container to check it, and another probe has that. Give both the same command, or make one of them httpGet, tcpSocket or grpc',
  noPort: "its port is none of the container's ports",
};
