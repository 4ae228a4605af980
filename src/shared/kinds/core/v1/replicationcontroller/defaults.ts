import type { Rules } from '../../../schema/defaultRules.ts';
import type { ReplicationController } from '../../../schema/types.ts';

export const replicationControllerDefaults: Rules = {
  ReplicationController: {
    adjust({ metadata, spec }: ReplicationController) {
      const labels = spec?.template?.metadata?.labels;
      if (!spec || !labels) return;
      if (isEmpty(spec.selector)) spec.selector = { ...labels };
      if (isEmpty(metadata.labels)) metadata.labels = { ...labels };
    },
  },
  ReplicationControllerSpec: { fields: { replicas: 1 } },
};

const isEmpty = (map: object | undefined) => !map || Object.keys(map).length === 0;
