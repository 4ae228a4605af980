import type { PersistentVolume, PersistentVolumeClaim } from '../../kinds/schema/types.ts';
import { compareQuantities } from '../../meta/quantity.ts';
import { selects } from '../common/selector.ts';

const betaClass = 'volume.beta.kubernetes.io/storage-class';

/** Undefined: the claim leaves it to the cluster. Empty: none, only volumes without one. */
export const classOf = ({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string | undefined =>
  metadata.annotations?.[betaClass] ?? spec?.storageClassName;

/** Does the volume belong to the claim, or is it kept for it? */
export const isFor = ({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean =>
  spec?.claimRef?.namespace === metadata.namespace &&
  spec?.claimRef?.name === metadata.name &&
  (!spec?.claimRef?.uid || spec.claimRef.uid === metadata.uid);

/** Returns why a volume that a claim names cannot be its own, in Kubernetes' words; undefined when it can. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  const wanted = claim.spec?.resources?.requests?.storage ?? '0';
  if (compareQuantities(volume.spec?.capacity?.storage ?? '0', wanted) < 0)
    return 'requested PV is too small';
  if ((classOf(volume) ?? '') !== (classOf(claim) ?? '')) return 'storageClassName does not match';
  if ((volume.spec?.volumeMode ?? 'Filesystem') !== (claim.spec?.volumeMode ?? 'Filesystem'))
    return 'incompatible volumeMode';
  const modes = volume.spec?.accessModes ?? [];
  if (!(claim.spec?.accessModes ?? []).every((mode) => modes.includes(mode)))
    return 'incompatible accessMode';
  return undefined;
}

/** The volume kept for the claim, else the smallest free one that fits. */
export function bestFor(
  claim: PersistentVolumeClaim,
  volumes: PersistentVolume[],
): PersistentVolume | undefined {
  const usable = volumes.filter(({ metadata }) => !metadata.deletionTimestamp);
  const kept = usable.find((volume) => volume.spec?.claimRef && isFor(volume, claim));
  if (kept) return kept;
  const { selector } = claim.spec ?? {};
  const fitting = usable.filter(
    (volume) =>
      !volume.spec?.claimRef &&
      mismatch(volume, claim) === undefined &&
      (!selector || isEmpty(selector) || selects(selector, volume.metadata.labels)),
  );
  return fitting.sort(bySize)[0];
}

const isEmpty = ({
  matchLabels = {},
  matchExpressions = [],
}: {
  matchLabels?: object;
  matchExpressions?: unknown[];
}) => Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

const bySize = (a: PersistentVolume, b: PersistentVolume) =>
  compareQuantities(a.spec?.capacity?.storage ?? '0', b.spec?.capacity?.storage ?? '0') ||
  ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1);
