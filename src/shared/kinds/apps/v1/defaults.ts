import type { Rules } from '../../schema/defaultRules.ts';
import type { DeploymentStrategy } from '../../schema/types.ts';

export const appsDefaults: Rules = {
  DeploymentSpec: { fields: { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 } },
  DeploymentStrategy: {
    fields: {
      type: 'RollingUpdate',
      rollingUpdate: ({ type }: DeploymentStrategy) =>
        type === 'RollingUpdate' ? { maxUnavailable: '25%', maxSurge: '25%' } : undefined,
    },
    adjust({ type = 'RollingUpdate', rollingUpdate }: DeploymentStrategy) {
      if (type !== 'RollingUpdate' || !rollingUpdate) return;
      rollingUpdate.maxUnavailable ??= '25%';
      rollingUpdate.maxSurge ??= '25%';
    },
  },
  ReplicaSetSpec: { fields: { replicas: 1 } },
};
