import type { DeploymentStrategy } from '../types.ts';
import type { Rules } from './rules.ts';

export const apps: Rules = {
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
