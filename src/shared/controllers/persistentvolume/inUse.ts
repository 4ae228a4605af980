import type { Pod } from '../../kinds/schema/types.ts';
import { claimNames } from '../../podspec/claims.ts';
import { isTerminal } from '../common/pods.ts';

/** Does some Pod that has a place, and has not ended, mount it? */
export const isInUse = (name: string, pods: Pod[]): boolean =>
  pods.some((pod) => pod.spec?.nodeName && !isTerminal(pod) && claimNames(pod).includes(name));
