/** The images of this machine, and the disk on which they are. Absent where an engine keeps its own. */
export interface NodeImages {
  readonly thresholds: ImageThresholds;
  usage(): Promise<DiskUsage>;
  /** Notes which images are used now, so that it is known later when they were used last. */
  noteUse(): Promise<void>;
  /** Every image. Notes their use as well. */
  list(): Promise<NodeImage[]>;
  /** What it takes on the disk, in bytes, which is read through for it; what it shares with others counts for each of them. */
  sizeOf(image: NodeImage): Promise<number>;
  /**
   * Removes what no image needs. Answers the bytes that were freed; undefined, and nothing is removed, while images are
   * on their way here.
   */
  sweep(): Promise<number | undefined>;
  /**
   * Removes an image under all its names. What it holds is free after the next sweep. Answers false, and it stays, where
   * it is used, or was since the list.
   */
  remove(image: NodeImage): Promise<boolean>;
}

/** Says when images are removed, as a kubelet's configuration does. */
export interface ImageThresholds {
  /** `imageGCHighThresholdPercent`: from here on images are removed. 100: never. */
  highPercent: number;
  /** `imageGCLowThresholdPercent`: down to here. */
  lowPercent: number;
  /** `imageMinimumGCAge`: what came here or was used later than this many milliseconds ago stays. */
  minAgeMs: number;
}

/** Describes a disk, in bytes. */
export interface DiskUsage {
  capacity: number;
  /** What programs may still write. */
  available: number;
}

/** An image, whatever its names are. */
export interface NodeImage {
  /** The digest of its configuration. */
  id: string;
  names: string[];
  /** Says when it came here: milliseconds since the epoch. */
  since: number;
  /** Says when a container was last made of it, or seen with it. */
  lastUsed: number;
  /** A container is made of it, running or not. */
  isUsed: boolean;
  /** Somebody loaded it from an archive: nobody could bring it back. */
  isKept: boolean;
}
