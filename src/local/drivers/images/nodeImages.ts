import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { DiskUsage, ImageThresholds, NodeImage, NodeImages } from '../../../shared/ports/cloud.ts';
import { type ImageStore, openImageStore, type StoredImage } from './store.ts';

/** A kubelet's defaults. */
export const usualThresholds: ImageThresholds = { highPercent: 85, lowPercent: 80, minAgeMs: 120_000 };

export interface NodeImagesOptions {
  folder: string;
  clock: Clock;
  thresholds?: ImageThresholds;
  /** Root file systems of which containers are made. */
  rootsInUse(): Promise<Set<string>>;
  /** Absent: that of the disk on which the folder is. */
  usage?(): Promise<DiskUsage>;
}

/** The images of a data folder, for whoever keeps its disk from filling. */
export function openNodeImages(options: NodeImagesOptions): NodeImages {
  const { folder, clock, rootsInUse, thresholds = usualThresholds } = options;
  const store = openImageStore(folder);
  /** What is used is noted. */
  const byId = async () => {
    const [stored, inUse] = [await store.list(), await rootsInUse()];
    const found = new Map<string, { images: StoredImage[]; isUsed: boolean }>();
    for (const [id, images] of Map.groupBy(stored, ({ config }) => config.digest)) {
      const isUsed = inUse.has(store.rootPath(id));
      if (isUsed) for (const { name } of images) await store.used(name, clock.now());
      found.set(id, { images, isUsed });
    }
    return found;
  };
  return {
    thresholds,
    usage: options.usage ?? (() => usageOf(folder)),
    noteUse: async () => void (await byId()),
    tidy: store.tidy,
    list: async () =>
      Promise.all([...(await byId())].map(([id, { images, isUsed }]) => imageOf(store, id, images, isUsed))),
    sizeOf: (image) => sizeIn(store, image),
    sweep: async () => store.sweep(await rootsInUse()),
    async remove({ id, names, lastUsed }) {
      // The list may be minutes old: others were measured and removed meanwhile.
      if ((await rootsInUse()).has(store.rootPath(id))) return false;
      for (const name of names) if ((await store.lastUsed(name)) > lastUsed) return false;
      for (const name of names) await store.forget(name);
      return true;
    },
  };
}

async function imageOf(
  store: ImageStore,
  id: string,
  images: StoredImage[],
  isUsed: boolean,
): Promise<NodeImage> {
  const lastUsed = await Promise.all(images.map(({ name }) => store.lastUsed(name)));
  return {
    id,
    names: images.map(({ name }) => name),
    since: Math.max(...images.map(({ storedAt }) => storedAt)),
    lastUsed: Math.max(...lastUsed),
    isUsed,
    isKept: images.some(({ loaded }) => loaded),
  };
}

async function sizeIn(store: ImageStore, { id, names }: NodeImage): Promise<number> {
  const images = await Promise.all(names.map((name) => store.find(name)));
  const pieces = new Map(
    images
      .flatMap((image) => (image ? [image.config, ...image.layers] : []))
      .map(({ digest, size }) => [digest, size]),
  );
  const packed = [...pieces.values()].reduce((sum, size) => sum + size, 0);
  return packed + (await sizeOnDisk(store.rootPath(id)));
}

async function usageOf(folder: string): Promise<DiskUsage> {
  const { blocks, bavail, bsize } = await statfs(folder);
  return { capacity: blocks * bsize, available: bavail * bsize };
}

/** What a folder takes with all that is in it; a file with several names counts once. */
async function sizeOnDisk(folder: string, seen = new Set<number>()): Promise<number> {
  let size = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) size += await sizeOnDisk(path, seen);
    else {
      const found = await lstat(path).catch(() => undefined);
      if (!found || (found.nlink > 1 && seen.has(found.ino))) continue;
      seen.add(found.ino);
      size += found.blocks * 512;
    }
  }
  return size;
}
