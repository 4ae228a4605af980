import type { Pod, Toleration } from '../../kinds/schema/types.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const seconds = 300;
const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Pods stay for five minutes on a Node that is gone, unless they say otherwise. */
export const defaultTolerations: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  resources: ['pods'],
  operations: ['CREATE', 'UPDATE'],
  addsDefaults: true,
  admit: ({ object }) => {
    const { spec } = (object ?? {}) as unknown as Pod;
    if (!spec) return false;
    const missing = keys.filter((key) => !spec.tolerations?.some((t) => tolerates(t, key)));
    if (!missing.length) return false;
    spec.tolerations = [
      ...(spec.tolerations ?? []),
      ...missing.map(
        (key): Toleration => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }),
      ),
    ];
    return true;
  },
};

const tolerates = ({ key, effect }: Toleration, wanted: string) =>
  (key === wanted || !key) && (effect === 'NoExecute' || !effect);
