import type { Container, Pod, Volume } from '../../../../shared/kinds/schema/types.ts';
import { compareQuantities, parseQuantity } from '../../../../shared/meta/quantity.ts';
import { isCritical } from '../../../../shared/podspec/critical.ts';
import { isSidecar } from '../../../../shared/podspec/restart.ts';

/** Returns the volumes whose use is limited, each alone or all together. */
export function limitedVolumes(pod: Pod): Volume[] {
  if (isCritical(pod)) return [];
  const hasLimit = storageLimit(pod) !== undefined;
  return (pod.spec?.volumes ?? []).filter(
    (volume) => volume.emptyDir && (sizeLimit(volume) !== undefined || (hasLimit && !isInMemory(volume))),
  );
}

/**
 * Returns why a Pod has to go for the disk that it uses, in kubelet's words; undefined when it may stay.
 * @param used Says how many bytes each of the limited volumes takes, by name.
 */
export function overrun(pod: Pod, used: ReadonlyMap<string, number>): string | undefined {
  const volumes = limitedVolumes(pod);
  const usedBy = (volume: Volume) => used.get(volume.name) ?? 0;
  for (const volume of volumes) {
    const limit = sizeLimit(volume);
    if (limit !== undefined && compareQuantities(usedBy(volume), limit) > 0)
      return `Usage of EmptyDir volume ${JSON.stringify(volume.name)} exceeds the limit ${JSON.stringify(limit)}. `;
  }
  const limit = storageLimit(pod);
  const total = volumes.filter((volume) => !isInMemory(volume)).reduce((sum, each) => sum + usedBy(each), 0);
  return limit !== undefined && compareQuantities(total, limit) > 0
    ? `Pod ephemeral local storage usage exceeds the total limit of containers ${limit}. `
    : undefined;
}

const isInMemory = ({ emptyDir }: Volume): boolean => emptyDir?.medium === 'Memory';

/** A limit of nothing is none. */
function sizeLimit({ emptyDir }: Volume): string | undefined {
  const limit = emptyDir?.sizeLimit;
  return limit !== undefined && compareQuantities(limit, 0) > 0 ? String(limit) : undefined;
}

/** Returns what all containers together may write to the node's disk, as Kubernetes adds it up; undefined without a limit. */
function storageLimit({ spec }: Pod): string | undefined {
  const inits = spec?.initContainers ?? [];
  const staying = [...(spec?.containers ?? []), ...inits.filter((each) => isSidecar(each, true))];
  const together = staying.flatMap((each) => limitOf(each) ?? []);
  const sum = together.reduce((total, each) => total + bytesOf(each), 0n);
  const alone = inits.filter((each) => !isSidecar(each, true)).flatMap((each) => limitOf(each) ?? []);
  const most = alone.find(
    (each) => bytesOf(each) > sum && alone.every((other) => bytesOf(other) <= bytesOf(each)),
  );
  if (most !== undefined) return most;
  return together.length > 1 ? inBinary(sum) : together[0];
}

const limitOf = ({ resources }: Container): string | undefined => {
  const limit = resources?.limits?.['ephemeral-storage'];
  return limit === undefined ? undefined : String(limit);
};

const bytesOf = (quantity: string): bigint => (parseQuantity(quantity) ?? 0n) / 1_000_000_000n;

/** The largest unit that loses nothing. */
function inBinary(bytes: bigint): string {
  const units = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
  const fits = units.filter((_, i) => bytes > 0n && bytes % (1n << BigInt(10 * (i + 1))) === 0n);
  return `${bytes >> BigInt(10 * fits.length)}${fits.at(-1) ?? ''}`;
}
