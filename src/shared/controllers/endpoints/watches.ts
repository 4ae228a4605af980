import type { Pod, Service } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { isReady, isTerminal } from '../common/pods.ts';
import { keyOf, watching } from '../controller.ts';
import { pods, services } from '../resources.ts';
import { selectsPod } from './members.ts';

/** Services, and Pods as far as they are behind one: what both endpoint controllers wake on. */
export const serviceWatches = [
  watching<Service>({ resource: services, keys: (service) => [keyOf(service)] }),
  watching<Pod>({
    resource: pods,
    async keys(pod, old, { client, deleted }) {
      if (!deleted && old && pod !== old && same(relevant(pod), relevant(old))) return [];
      if (!pod.status?.podIP && !old?.status?.podIP) return [];
      const near = await client.list(services, { namespace: pod.metadata.namespace ?? '' });
      return near.filter((s) => selectsPod(s, pod) || (old && selectsPod(s, old))).map(keyOf);
    },
  }),
];

const relevant = (pod: Pod) => [
  pod.metadata.labels,
  pod.metadata.deletionTimestamp,
  pod.status?.podIP,
  isReady(pod),
  isTerminal(pod),
];
