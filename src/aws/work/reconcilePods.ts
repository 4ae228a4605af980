import type { Cloud } from '../../shared/ports/cloud.ts';
import { fargateSettings } from '../config.ts';
import { fargateClients } from '../drivers/pods/clients.ts';
import { openFargatePods } from '../drivers/pods/index.ts';
import { openSender } from '../drivers/sender.ts';
import { efsClient } from '../drivers/volumes/client.ts';
import { openEfsVolumes } from '../drivers/volumes/index.ts';
import { openVolumeParts } from '../drivers/volumes/parts.ts';
import { count } from '../observability/metrics.ts';
import { tellingRefusals } from '../observability/throttles.ts';
import type { ReconcileParts } from './reconcile.ts';
import { secretsCloud } from './reconcileSecrets.ts';

/**
 * Returns what the controllers of Pods touch: tasks, and volumes. They look for copies of Secrets, which others make.
 */
export function podsCloud(parts: ReconcileParts): Pick<Cloud, 'pods' | 'volumes'> {
  const { ecs, logs } = fargateClients();
  const efs = { ...parts, client: efsClient() };
  return {
    pods: openFargatePods({
      ...parts,
      ...fargateSettings(parts.env),
      ecs: tellingRefusals(ecs, () => count('EcsRefusals')),
      logs,
      ...secretsCloud(parts),
      volumeParts: openVolumeParts({ ...efs, send: openSender(parts) }),
    }),
    volumes: openEfsVolumes(efs),
  };
}
