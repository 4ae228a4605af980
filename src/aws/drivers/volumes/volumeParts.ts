import { ApiError } from '../../../shared/errors/apiError.ts';

/** Gives folders of volumes a way in of their own, since ECS mounts an access point whole. */
export interface VolumeParts {
  /**
   * Returns the access point whose root is the folder `subPath` of `accessPointId`, made now or earlier; EFS makes the folder,
   * with the owner and mode of the volume's own, when somebody mounts it. It is tidied away after the volume. Those asked for at
   * once cost one look at the volume, and one that was found a while ago none. Throws Invalid for what EFS takes no path of
   * and for volumes that this deployment did not make, NotFound without the volume, BeingMade until EFS has made it.
   */
  pointOf(accessPointId: string, subPath: string): Promise<string>;

  /** Deletes access points for folders of volumes that are gone, some hundred at a time: the next call goes on. */
  tidy(): Promise<void>;
}

/** EFS makes it: that takes a second or two. */
export class BeingMade extends ApiError {}
