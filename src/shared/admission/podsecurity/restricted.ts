/** Is what the level `restricted` asks for besides: Pods that have given up all rights that they do not need. */
import type { Volume } from '../../kinds/schema/types.ts';
import { isConfined, seccompBaseline } from './baseline.ts';
import { type Check, containersOf, containersWith, named, plural, quoted, setters, sorted } from './words.ts';

export const allowPrivilegeEscalation: Check = (pod) => {
  const containers = containersWith(pod, (context) => context?.allowPrivilegeEscalation !== false);
  return containers.length > 0
    ? {
        reason: 'allowPrivilegeEscalation != false',
        detail: `${named('container', containers)} must set securityContext.allowPrivilegeEscalation=false`,
      }
    : undefined;
};

export const capabilitiesRestricted: Check = (pod) => {
  const missing = containersWith(pod, (context) => !context?.capabilities?.drop?.includes('ALL'));
  const added = (context: { capabilities?: { add?: string[] } } | undefined) =>
    (context?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  const adding = containersWith(pod, (context) => added(context).length > 0);
  const names = sorted(containersOf(pod.spec).flatMap((c) => added(c.securityContext)));
  const details = [
    ...(missing.length > 0
      ? [`${named('container', missing)} must set securityContext.capabilities.drop=["ALL"]`]
      : []),
    ...(adding.length > 0
      ? [
          `${named('container', adding)} must not include ${quoted(names)} in securityContext.capabilities.add`,
        ]
      : []),
  ];
  return details.length > 0 ? { reason: 'unrestricted capabilities', detail: details.join('; ') } : undefined;
};

const allowedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
] as const satisfies (keyof Volume)[];

/** In the order in which Kubernetes looks for them. */
const otherVolumes = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
] as const satisfies (keyof Volume)[];

export const restrictedVolumes: Check = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((volume) => allowedVolumes.every((type) => !volume[type]));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map((volume) => otherVolumes.find((type) => volume[type]) ?? 'unknown'));
  const uses = plural('uses', bad.length, 'use');
  const volumes = bad.map(({ name }) => name);
  return {
    reason: 'restricted volume types',
    detail: `${named('volume', volumes)} ${uses} ${named('restricted volume type', types)}`,
  };
};

export const runAsNonRoot: Check = (pod) => {
  const own = pod.spec.securityContext?.runAsNonRoot;
  const reason = 'runAsNonRoot != true';
  const who = setters(
    own === false,
    containersWith(pod, (context) => context?.runAsNonRoot === false),
  );
  if (who) return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  const silent = own ? [] : containersWith(pod, (context) => context?.runAsNonRoot === undefined);
  return silent.length > 0
    ? { reason, detail: `pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true` }
    : undefined;
};

export const runAsUser: Check = (pod) => {
  const isRoot = pod.spec.securityContext?.runAsUser === 0;
  const who = setters(
    isRoot,
    containersWith(pod, (context) => context?.runAsUser === 0),
  );
  return who ? { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` } : undefined;
};

export const seccompRestricted: Check = (pod) => {
  const bad = seccompBaseline(pod);
  if (bad) return bad;
  if (isConfined(pod.spec.securityContext?.seccompProfile?.type)) return undefined;
  const silent = containersWith(pod, (context) => !context?.seccompProfile);
  const wanted = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return silent.length > 0
    ? { reason: 'seccompProfile', detail: `pod or ${named('container', silent)} ${wanted}` }
    : undefined;
};
