import { CreateAccessPointCommand, type EFSClient } from '@aws-sdk/client-efs';
import type { VolumeRef, Volumes } from '../../../shared/ports/cloud.ts';
import { openSender, type SenderOptions } from '../sender.ts';
import { efsDriver, formatHandle, parseHandle } from './handle.ts';
import { settingsOf } from './parameters.ts';
import { type AccessPoints, deletePoint, madeOnce, madePoints } from './points.ts';
import { createAccessPointRequest } from './requests.ts';

export interface EfsVolumesOptions extends SenderOptions {
  client: Pick<EFSClient, 'send'>;
  deployment: string;
}

/**
 * A volume is an access point with a folder of its own, on the file system that its class names. As with the EFS CSI
 * driver removing it leaves the folder, and sizes are not enforced.
 */
export function openEfsVolumes({ client, deployment, ...options }: EfsVolumesOptions): Volumes {
  const send = openSender(options);
  const points: AccessPoints = { client, deployment, send };
  return {
    provisioner: efsDriver,
    // Which file system to use is for people to say.
    classes: [],

    async provision(ref, claim, storageClass) {
      const settings = settingsOf(storageClass, ref.uid);
      const request = new CreateAccessPointCommand(createAccessPointRequest(deployment, ref, settings));
      const id = await madeOnce(send('CreateAccessPoint', () => client.send(request)));
      return {
        spec: { csi: { driver: efsDriver, volumeHandle: formatHandle(settings.fileSystemId, id) } },
        capacity: claim.spec?.resources?.requests?.storage ?? '0',
      };
    },

    async remove({ cluster, uid }, spec) {
      const known = spec?.csi?.driver === efsDriver ? parseHandle(spec.csi.volumeHandle ?? '') : undefined;
      // Its folders are tidied away after it: to look for them costs a look at the whole file system.
      for (const { id, ref } of await madePoints(points, known?.accessPointId))
        if (ref.uid === uid && ref.cluster === cluster) await deletePoint(points, id);
    },

    list: async (): Promise<VolumeRef[]> =>
      (await madePoints(points)).flatMap(({ ref, partOf }) => (partOf ? [] : [ref])),
  };
}
