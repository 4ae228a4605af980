import type { Cloud } from '../../shared/ports/cloud.ts';
import { fargateSettings } from '../config.ts';
import { fargateClients } from '../drivers/pods/clients.ts';
import { openFargatePods } from '../drivers/pods/index.ts';
import { efsClient } from '../drivers/volumes/client.ts';
import { openEfsVolumes } from '../drivers/volumes/index.ts';
import type { ReconcileParts } from './reconcile.ts';
import { secretsCloud } from './reconcileSecrets.ts';

/** What the controllers of Pods touch: tasks, and volumes. They look for copies of Secrets, which others make. */
export const podsCloud = (parts: ReconcileParts): Pick<Cloud, 'pods' | 'volumes'> => ({
  pods: openFargatePods({
    ...parts,
    ...fargateSettings(parts.env),
    ...fargateClients(),
    ...secretsCloud(parts),
  }),
  volumes: openEfsVolumes({ ...parts, client: efsClient() }),
});
