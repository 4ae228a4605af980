import type { Resource } from '../../kinds/kind.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { controllerOf, type KubeObject } from '../../meta/object.ts';
import { keyOf, type ObjectKey, type Watch, watching } from '../controller.ts';
import { pods } from '../resources.ts';

/** Returns the keys of the objects of a kind that control an object, or did before it changed. */
export const controllerKeys = (kind: string, object: KubeObject, old: KubeObject | undefined): ObjectKey[] =>
  [object, old].flatMap((state) => {
    const owner = state && controllerOf(state);
    return owner?.kind === kind ? [{ namespace: object.metadata.namespace ?? '', name: owner.name }] : [];
  });

/**
 * Watches the Pods of sets: a change leads to the set that controls the Pod or did, and for a Pod that nobody ever
 * controlled to those that may take it.
 */
export const watchingMembers = <T extends KubeObject>(
  resource: Resource<T>,
  mayTake: (pod: Pod, set: T) => boolean,
): Watch =>
  watching<Pod>({
    resource: pods,
    async keys(pod, old, { client, deleted }) {
      if (deleted || controllerOf(pod) || (old && controllerOf(old)))
        return controllerKeys(resource.kind, pod, old);
      const candidates = await client.list(resource, { namespace: pod.metadata.namespace ?? '' });
      return candidates.filter((set) => mayTake(pod, set)).map(keyOf);
    },
  });
