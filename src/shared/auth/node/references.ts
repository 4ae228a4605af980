import type { Pod, Volume } from '../../kinds/schema/types.ts';

/** What a Pod needs of its namespace, by resource: names of objects. */
export type References = Readonly<Record<string, ReadonlySet<string>>>;

const mirror = 'kubernetes.io/config.mirror';

/** Returns what a Pod refers to. Mirror Pods refer to nothing: a node makes them itself, and would give itself rights. */
export function referencesOf({ metadata, spec, status }: Pod): References {
  if (!spec || Object.hasOwn(metadata.annotations ?? {}, mirror)) return {};
  const { volumes = [], initContainers = [], containers = [], ephemeralContainers = [] } = spec;
  const every = [...initContainers, ...containers, ...ephemeralContainers];
  const env = every.flatMap((own) => own.env ?? []);
  const envFrom = every.flatMap((own) => own.envFrom ?? []);
  const sources = volumes.flatMap((own) => own.projected?.sources ?? []);
  return {
    secrets: named(
      spec.imagePullSecrets?.map(({ name }) => name),
      env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      envFrom.map(({ secretRef }) => secretRef?.name),
      sources.map(({ secret }) => secret?.name),
      volumes.flatMap(secretsOf),
    ),
    configmaps: named(
      env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
      envFrom.map(({ configMapRef }) => configMapRef?.name),
      sources.map(({ configMap }) => configMap?.name),
      volumes.map(({ configMap }) => configMap?.name),
    ),
    persistentvolumeclaims: named(
      volumes.map(({ persistentVolumeClaim: claim }) => claim?.claimName),
      volumes.map(({ name, ephemeral }) => ephemeral && `${metadata.name}-${name}`),
    ),
    serviceaccounts: named([spec.serviceAccountName]),
    'resourceclaims.resource.k8s.io': named(
      spec.resourceClaims?.map(({ resourceClaimName }) => resourceClaimName),
      status?.resourceClaimStatuses?.map(({ resourceClaimName }) => resourceClaimName),
    ),
  };
}

const secretsOf = (volume: Volume): (string | undefined)[] => [
  volume.secret?.secretName,
  volume.azureFile?.secretName,
  volume.csi?.nodePublishSecretRef?.name,
  ...[
    volume.cephfs,
    volume.cinder,
    volume.flexVolume,
    volume.iscsi,
    volume.rbd,
    volume.scaleIO,
    volume.storageos,
  ].map((source) => source?.secretRef?.name),
];

const named = (...lists: (readonly (string | undefined)[] | undefined)[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => list ?? []).flatMap((name) => name || []));
