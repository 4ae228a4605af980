import type { Reader } from '../../client/client.ts';
import type { Pod, PodSpec, ReplicaSet } from '../../kinds/schema/types.ts';
import { controllerOf } from '../../meta/object.ts';
import { isTerminal } from '../common/pods.ts';
import { type Watch, watching } from '../controller.ts';
import { pods, replicaSets } from '../resources.ts';
import { type Users, wantsPods } from './plan.ts';

type NamesIn = (spec: PodSpec | undefined) => string[];

/**
 * Returns what may use things of its namespace: the functions say which, by what runs and by what would run. What a
 * ReplicaSet uses on behalf of its Pods is used whether one more of them comes or goes.
 */
export const watchingUsers = (inPod: NamesIn, inTemplate = inPod): Watch[] => {
  const keys = ({ metadata: { namespace = '' } }: Pod | ReplicaSet, names: string[]) =>
    names.map((name) => ({ namespace, name }));
  const usedAnyway = async ({ metadata }: Pod, client: Reader): Promise<string[]> => {
    const owner = controllerOf({ metadata });
    if (owner?.kind !== 'ReplicaSet') return [];
    const set = await client.get(replicaSets, metadata.namespace ?? '', owner.name);
    return set?.metadata.uid === owner.uid && wantsPods(set) ? inTemplate(set.spec?.template?.spec) : [];
  };
  return [
    watching<Pod>({
      resource: pods,
      async keys(pod, old, { deleted, client }) {
        if (!deleted && old && pod !== old && isTerminal(pod) === isTerminal(old)) return [];
        const names = inPod(pod.spec);
        const others = names.length > 0 && pod !== old ? await usedAnyway(pod, client) : [];
        return keys(
          pod,
          names.filter((name) => !others.includes(name)),
        );
      },
    }),
    watching<ReplicaSet>({
      resource: replicaSets,
      keys: (set, old, { deleted }) =>
        !deleted && old && set !== old && wantsPods(set) === wantsPods(old)
          ? []
          : keys(set, inTemplate(set.spec?.template?.spec)),
    }),
  ];
};

/** Reads what may use Secrets, ConfigMaps and tokens of a namespace: Pods, and ReplicaSets that would make some. */
export async function usersIn(namespace: string, client: Reader): Promise<Users> {
  const [somePods, someSets] = await Promise.all([
    podsIn(namespace, client),
    replicaSetsIn(namespace, client),
  ]);
  return { pods: somePods, replicaSets: someSets };
}

/** Lists all Pods of a namespace. */
export const podsIn = (namespace: string, client: Reader): Promise<Pod[]> => client.list(pods, { namespace });

/** Lists all ReplicaSets of a namespace. */
export const replicaSetsIn = (namespace: string, client: Reader): Promise<ReplicaSet[]> =>
  client.list(replicaSets, { namespace });
