import type { Reader } from '../../client/client.ts';
import type { Pod, PodSpec, ReplicaSet } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';
import { type Watch, watching } from '../controller.ts';
import { pods, replicaSets } from '../resources.ts';
import type { Users } from './plan.ts';

type NamesIn = (spec: PodSpec | undefined) => string[];

/** Returns what may use things of its namespace: the functions say which, by what runs and by what would run. */
export const watchingUsers = (inPod: NamesIn, inTemplate = inPod): Watch[] => {
  const keys = ({ metadata: { namespace = '' } }: Pod | ReplicaSet, names: string[]) =>
    names.map((name) => ({ namespace, name }));
  return [
    watching<Pod>({
      resource: pods,
      keys: (pod, old, { deleted }) =>
        !deleted && old && pod !== old && isTerminal(pod) === isTerminal(old)
          ? []
          : keys(pod, inPod(pod.spec)),
    }),
    watching<ReplicaSet>({
      resource: replicaSets,
      keys: (set, old, { deleted }) =>
        !deleted && old && set !== old && set.spec?.replicas === old.spec?.replicas
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
