import type {
  ControllerRevision,
  PersistentVolumeClaim,
  Pod,
  PodSpec,
  StatefulSet,
} from '../../kinds/schema/types.ts';
import { controllerReference } from '../../meta/object.ts';
import { podsAtOnce } from '../common/burst.ts';
import { revisionLabel, templateOf } from '../revisions/plan.ts';

const podNameLabel = 'statefulset.kubernetes.io/pod-name';
const podIndexLabel = 'apps.kubernetes.io/pod-index';

/** Returns the ordinal of the set's first Pod. */
export const startOf = ({ spec }: StatefulSet): number => spec?.ordinals?.start ?? 0;
/** Returns the name of the set's Pod with that ordinal. */
export const podNameOf = ({ metadata }: StatefulSet, ordinal: number): string =>
  `${metadata.name}-${ordinal}`;

/** The number at the end of the name; undefined for Pods whose names are not those of the set's. */
export function ordinalOf({ metadata: { name = '' } }: Pod, set: StatefulSet): number | undefined {
  const [, parent, ordinal] = /^(.*)-(\d+)$/.exec(name) ?? [];
  return parent === set.metadata.name ? Number(ordinal) : undefined;
}

/** Returns the wanted ordinals to look at where there are so many Pods: however many are wanted, no more can be made now. */
export const ordinalsFor = (set: StatefulSet, pods: number): number[] =>
  Array.from({ length: Math.min(set.spec?.replicas ?? 1, pods + podsAtOnce) }, (_, i) => startOf(set) + i);

/** Returns whether the set is to have a Pod with that ordinal. */
export const isWanted = (ordinal: number, set: StatefulSet): boolean =>
  ordinal >= startOf(set) && ordinal < startOf(set) + (set.spec?.replicas ?? 1);

/** Returns the name of the revision that the Pod was made from; empty when the label is missing. */
export const revisionNameOf = ({ metadata }: Pod): string => metadata.labels?.[revisionLabel] ?? '';

/** The claims of one Pod, by the name of the volume. */
export function claimsOf(set: StatefulSet, ordinal: number): Map<string, PersistentVolumeClaim> {
  const { namespace = '', name } = set.metadata;
  return new Map(
    (set.spec?.volumeClaimTemplates ?? []).map(({ metadata, spec }) => {
      const volume = metadata?.name ?? '';
      const claim: PersistentVolumeClaim = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: `${volume}-${name}-${ordinal}`,
          namespace,
          labels: { ...metadata?.labels, ...set.spec?.selector?.matchLabels },
          ...(metadata?.annotations && { annotations: metadata.annotations }),
        },
        ...(spec && { spec }),
      };
      return [volume, claim];
    }),
  );
}

/** A Pod with its name, host name, labels and volumes; of the template that the revision keeps. */
export function podOf(set: StatefulSet, ordinal: number, revision: ControllerRevision): Pod {
  const template = templateOf(revision);
  const name = podNameOf(set, ordinal);
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const { serviceName } = set.spec!;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace ?? '',
      labels: { ...labels, ...identityLabels(name, ordinal), [revisionLabel]: revision.metadata.name ?? '' },
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference({ ...set, apiVersion: 'apps/v1', kind: 'StatefulSet' })],
    },
    spec: {
      ...withClaims(template.spec!, set, ordinal),
      hostname: name,
      ...(serviceName && { subdomain: serviceName }),
    },
  };
}

/** Labels that a Pod of this name lacks. */
export function missingLabels({ metadata }: Pod, ordinal: number): Record<string, string> | undefined {
  const name = metadata.name ?? '';
  return metadata.labels?.[podNameLabel] === name ? undefined : identityLabels(name, ordinal);
}

const identityLabels = (name: string, ordinal: number) => ({
  [podIndexLabel]: String(ordinal),
  [podNameLabel]: name,
});

function withClaims({ volumes = [], ...spec }: PodSpec, set: StatefulSet, ordinal: number): PodSpec {
  const claims = claimsOf(set, ordinal);
  const own = [...claims].map(([name, claim]) => ({
    name,
    persistentVolumeClaim: { claimName: claim.metadata.name ?? '' },
  }));
  const all = [...own, ...volumes.filter(({ name }) => !claims.has(name))];
  return { ...spec, ...(all.length > 0 && { volumes: all }) };
}
