import type { DiskUsage, ImageThresholds, NodeImage } from '../../../shared/ports/cloud.ts';

/** Describes how much of a disk is used, and how much has to go. */
export interface Excess {
  usedPercent: number;
  /** Bytes. */
  toFree: number;
}

/** Returns what is too much; undefined for nothing. Percents are whole, as a kubelet counts them. */
export function excessOf(
  { capacity, available }: DiskUsage,
  { highPercent, lowPercent }: ImageThresholds,
): Excess | undefined {
  const free = Math.min(available, capacity);
  const usedPercent = 100 - Math.floor((free * 100) / capacity);
  if (highPercent >= 100 || usedPercent < highPercent) return undefined;
  return { usedPercent, toFree: Math.floor((capacity * (100 - lowPercent)) / 100) - free };
}

/**
 * The images that may be removed, the one that was used longest ago first: none that a container is made of, that
 * somebody loaded by hand, or that is so new that a container may be about to be made of it.
 */
export function removable(
  images: readonly NodeImage[],
  { now, minAgeMs }: { now: number; minAgeMs: number },
): NodeImage[] {
  const isOld = (time: number) => now - time >= minAgeMs;
  return images
    .filter(({ isUsed, isKept, since, lastUsed }) => !isUsed && !isKept && isOld(since) && isOld(lastUsed))
    .sort((a, b) => a.lastUsed - b.lastUsed || a.since - b.since);
}

/** A kubelet's words when the disk is full of something else. */
export const insufficient = (usedPercent: number, capacity: number, freed: number): string =>
  `Insufficient free disk space on the node's image filesystem (${usedPercent}% of ${formatSize(capacity)} used). ` +
  `Failed to free sufficient space by deleting unused images (freed ${freed} bytes). ` +
  'Investigate disk usage, as it could be used by active images, logs, volumes, or other data.';

const units = ['KiB', 'MiB', 'GiB', 'TiB'];

function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(1)} ${units[unit]}`;
}
