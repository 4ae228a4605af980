import type { AdmissionPlugin } from '../shared/admission/plugin.ts';
import type { Pod, PodSpec } from '../shared/kinds/schema/types.ts';
import { capacityType, spotWish } from './drivers/pods/spotWish.ts';

/**
 * Leads a Pod that wants Spot to a Node of Spot, so that its Node says what it runs on: one that asks for it by annotation
 * selects such Nodes, one that names Spot in a toleration prefers them. A Pod that is bound already is left as it is.
 */
export const spotPlacement: AdmissionPlugin = {
  name: 'SpotPlacement',
  resources: ['pods'],
  operations: ['CREATE'],
  addsDefaults: true,
  admit: async ({ object }) => {
    const pod = object as unknown as Pod;
    if (!pod.spec || pod.spec.nodeName || pod.spec.nodeSelector?.[capacityType]) return false;
    const wish = spotWish(pod);
    if (wish === 'asked') pod.spec.nodeSelector = { ...pod.spec.nodeSelector, [capacityType]: 'spot' };
    if (wish === 'tolerated') prefer(pod.spec);
    return wish !== undefined;
  },
};

/** More than any other wish may weigh. */
const weight = 100;

function prefer(spec: PodSpec): void {
  const { preferredDuringSchedulingIgnoredDuringExecution: others = [], ...rest } =
    spec.affinity?.nodeAffinity ?? {};
  const matchExpressions = [{ key: capacityType, operator: 'In' as const, values: ['spot'] }];
  const preferred = [...others, { weight, preference: { matchExpressions } }];
  spec.affinity = {
    ...spec.affinity,
    nodeAffinity: { ...rest, preferredDuringSchedulingIgnoredDuringExecution: preferred },
  };
}
