import type { Client } from '../../client/client.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { foreignClaim } from '../../podspec/claims.ts';
import { ConfigError } from '../../podspec/context.ts';
import { deadlineOf } from '../../podspec/deadline.ts';
import type { PodSources } from '../../ports/cloud.ts';
import { isActive } from '../common/pods.ts';
import {
  configMaps,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  secrets,
  serviceAccounts,
  services,
} from '../resources.ts';

/** Reads what a Pod refers to through the API; tokens and the CA come from the composition root. */
export const podSourcesFrom = (
  client: Client,
  pod: Pod,
  clock: Clock,
  identity: Pick<PodSources, 'token' | 'clusterCa'>,
): PodSources => {
  const { namespace = '', name = '', uid } = pod.metadata;
  return {
    ...identity,
    configMap: (name) => client.get(configMaps, namespace, name),
    secret: (name) => client.get(secrets, namespace, name),
    serviceAccount: (name) => client.get(serviceAccounts, namespace, name),
    async volume(name) {
      const claim = await client.get(persistentVolumeClaims, namespace, name);
      const conflict = claim && foreignClaim(pod, claim);
      if (conflict) throw new ConfigError(conflict);
      const { phase } = claim?.status ?? {};
      const { volumeName } = claim?.spec ?? {};
      return phase === 'Bound' && volumeName ? client.get(persistentVolumes, '', volumeName) : undefined;
    },
    async isWanted() {
      const current = await client.get(pods, namespace, name);
      if (!current || current.metadata.uid !== uid) return false;
      return isActive(current) && clock.now() < deadlineOf(current);
    },
    async services({ links } = { links: true }) {
      const own = links ? await client.list(services, { namespace }) : [];
      const api = await client.get(services, 'default', 'kubernetes');
      const all = api && (namespace !== 'default' || !links) ? [...own, api] : own;
      return all.filter(({ spec }) => spec?.clusterIP && spec.clusterIP !== 'None');
    },
  };
};
