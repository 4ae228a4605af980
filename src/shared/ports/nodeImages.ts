/** Manages the images of this machine, and knows the disk on which they are. */
export interface NodeImages {
  readonly thresholds: ImageThresholds;
  /** Returns the usage of that disk. */
  usage(): Promise<DiskUsage>;
  /** Records which images are in use now, for `lastUsed`. */
  noteUse(): Promise<void>;
  /** Removes what processes that were killed have left of images that they were fetching, unless one is on its way here. */
  tidy(): Promise<void>;
  /** Returns every image, and records which are in use. */
  list(): Promise<NodeImage[]>;
  /** Returns the disk space of an image in bytes; it reads the disk. Layers that images share count for each of them. */
  sizeOf(image: NodeImage): Promise<number>;
  /**
   * Removes layers that no image needs. Returns the number of freed bytes. Returns undefined, and removes nothing, while
   * images are being pulled or loaded.
   */
  sweep(): Promise<number | undefined>;
  /**
   * Removes an image with all its names. The next sweep frees its disk space. Returns false, and keeps the image, when it is in
   * use or was used since list().
   */
  remove(image: NodeImage): Promise<boolean>;
}

/** Says when images are removed, as a kubelet's configuration does. */
export interface ImageThresholds {
  /** `imageGCHighThresholdPercent`: the disk usage from which on images are removed. 100: never. */
  highPercent: number;
  /** `imageGCLowThresholdPercent`: the disk usage down to which they are removed. */
  lowPercent: number;
  /** `imageMinimumGCAge`: how long ago, in milliseconds, an image must have been added and last used. */
  minAgeMs: number;
}

/** Describes a disk, in bytes. */
export interface DiskUsage {
  capacity: number;
  /** Bytes that programs may still write. */
  available: number;
}

/** An image with all its names. */
export interface NodeImage {
  /** The digest of its configuration. */
  id: string;
  names: string[];
  /** When it was pulled or loaded, in milliseconds since the epoch. */
  since: number;
  /** When a container was last created from it or seen with it, in milliseconds since the epoch. */
  lastUsed: number;
  /** True when a container uses it, running or not. */
  isUsed: boolean;
  /** True when it was loaded from an archive: it could not be pulled again. */
  isKept: boolean;
}
