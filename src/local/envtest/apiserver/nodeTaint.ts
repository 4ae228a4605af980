import type { AdmissionPlugin } from '../../../shared/admission/plugin.ts';
import type { Node, Taint } from '../../../shared/kinds/schema/types.ts';

const notReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/**
 * Gives a new Node a taint until its conditions say that it is ready, as kube-apiserver does. Only the drop-in has it: `nodelifecycle`
 * takes the taint away there, if it is asked for, while Nodes of the planes are ready when they are there.
 */
export const nodeTaint: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  resources: ['nodes'],
  operations: ['CREATE'],
  admit: ({ object }) => {
    const { spec } = object as unknown as Node;
    if (spec?.taints?.some(({ key, effect }) => key === notReady.key && effect === notReady.effect))
      return false;
    Object.assign(object!, { spec: { ...spec, taints: [...(spec?.taints ?? []), { ...notReady }] } });
    return true;
  },
};
