import type { Pod } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';

/** The claims that a Pod mounts. */
export const claimNames = ({ spec }: Pod): string[] =>
  (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName || []);

/** Does some Pod that has a place, and has not ended, mount it? */
export const isInUse = (name: string, pods: Pod[]): boolean =>
  pods.some((pod) => pod.spec?.nodeName && !isTerminal(pod) && claimNames(pod).includes(name));
