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

/** Returns whether it matters how much the containers of a Pod write beside its volumes, their logs among it. */
export const limitsContainers = (pod: Pod): boolean => !isCritical(pod) && storageLimit(pod) !== undefined;

/** Says how many bytes the parts of a Pod take on the disk. */
export interface DiskUse {
  /** By the name of each limited volume. */
  volumes: ReadonlyMap<string, number>;
  /** By the name of each container, where it has limits: beside its volumes. */
  containers: ReadonlyMap<string, number>;
}

/** Returns why a Pod has to go for the disk that it uses, in kubelet's words; undefined when it may stay. */
export function overrun(pod: Pod, used: DiskUse): string | undefined {
  const volumes = limitedVolumes(pod);
  const usedBy = (volume: Volume) => used.volumes.get(volume.name) ?? 0;
  for (const volume of volumes) {
    const limit = sizeLimit(volume);
    if (limit !== undefined && compareQuantities(usedBy(volume), limit) > 0)
      return `Usage of EmptyDir volume ${JSON.stringify(volume.name)} exceeds the limit ${JSON.stringify(limit)}. `;
  }
  if (!limitsContainers(pod)) return undefined;
  const limit = storageLimit(pod);
  const onDisk = volumes.filter((volume) => !isInMemory(volume)).map(usedBy);
  const total = [...onDisk, ...used.containers.values()].reduce((sum, each) => sum + each, 0);
  if (limit !== undefined && compareQuantities(total, limit) > 0)
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${limit}. `;
  const over = pod.spec?.containers.find((container) => {
    const own = limitOf(container) ?? 0;
    return (
      compareQuantities(own, 0) > 0 && compareQuantities(used.containers.get(container.name) ?? 0, own) > 0
    );
  });
  return (
    over &&
    `Container ${over.name} exceeded its local ephemeral storage limit ${JSON.stringify(limitOf(over))}. `
  );
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
