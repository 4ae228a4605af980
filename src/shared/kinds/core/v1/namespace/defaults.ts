import type { Rules } from '../../../schema/defaultRules.ts';
import type { Namespace } from '../../../schema/types.ts';

export const namespaceDefaults: Rules = {
  Namespace: {
    adjust({ metadata }: Namespace) {
      if (metadata.name)
        metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
    },
  },
  NamespaceStatus: { fields: { phase: 'Active' } },
};
