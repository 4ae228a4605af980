import { fargateClients } from '../shared/cloud/aws/pods/clients.ts';
import { openFargatePods } from '../shared/cloud/aws/pods/index.ts';
import { efsClient } from '../shared/cloud/aws/volumes/client.ts';
import { openEfsVolumes } from '../shared/cloud/aws/volumes/index.ts';
import type { Cloud } from '../shared/cloud/provider.ts';
import { fargateSettings } from './config.ts';
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
