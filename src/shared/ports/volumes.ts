import type { PersistentVolumeClaim, PersistentVolumeSpec, StorageClass } from '../kinds/schema/types.ts';

/** Identifies the claim that a volume was made for. */
export interface VolumeRef {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/** Makes the storage behind claims. What it has made is removed only when asked: nobody sweeps data. */
export interface Volumes {
  /** StorageClasses of this one are for it to serve. */
  readonly provisioner: string;

  /** Is what a cluster begins with. */
  readonly classes: StorageClass[];

  /**
   * Makes a volume for the claim, or answers the one that it made for its uid. Throws Invalid for parameters of the
   * class that it cannot follow.
   */
  provision(ref: VolumeRef, claim: PersistentVolumeClaim, storageClass: StorageClass): Promise<MadeVolume>;

  /**
   * Deletes the volume, and what is in it where that can be reached. Nothing happens when there is none. `spec` is that of
   * its PersistentVolume where there is one: a driver need not look for what it tells, and trusts it no further than that.
   */
  remove(ref: VolumeRef, spec?: PersistentVolumeSpec): Promise<void>;

  /** Every volume made here. */
  list(): Promise<VolumeRef[]>;
}

/** A volume that was made for a claim. */
export interface MadeVolume {
  /** Says where it is: one source of a PersistentVolume, and what else of its spec follows from it. */
  spec: PersistentVolumeSpec;
  /** A quantity, at least what was asked for. */
  capacity: string;
}
