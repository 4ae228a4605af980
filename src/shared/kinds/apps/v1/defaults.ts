import type { Rules } from '../../schema/defaultRules.ts';
import type { DaemonSetSpec, DeploymentStrategy, StatefulSetSpec } from '../../schema/types.ts';

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
  StatefulSetSpec: {
    adjust(spec: StatefulSetSpec) {
      spec.podManagementPolicy ||= 'OrderedReady';
      spec.updateStrategy ??= {};
      const strategy = spec.updateStrategy;
      if (!strategy.type) {
        strategy.type = 'RollingUpdate';
        strategy.rollingUpdate ??= {};
      }
      if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0;
      spec.persistentVolumeClaimRetentionPolicy ??= {};
      const retention = spec.persistentVolumeClaimRetentionPolicy;
      retention.whenDeleted ||= 'Retain';
      retention.whenScaled ||= 'Retain';
      for (const claim of spec.volumeClaimTemplates ?? []) {
        claim.apiVersion = 'v1';
        claim.kind = 'PersistentVolumeClaim';
        claim.status = { phase: 'Pending', ...claim.status };
      }
    },
    fields: { replicas: 1, revisionHistoryLimit: 10 },
  },
  DaemonSetSpec: {
    adjust(spec: DaemonSetSpec) {
      spec.updateStrategy ??= {};
      const strategy = spec.updateStrategy;
      strategy.type ||= 'RollingUpdate';
      const rolls = strategy.type === 'RollingUpdate';
      if (rolls) strategy.rollingUpdate ??= {};
      if (!strategy.rollingUpdate) return;
      strategy.rollingUpdate.maxUnavailable ??= rolls ? 1 : 0;
      strategy.rollingUpdate.maxSurge ??= 0;
    },
    fields: { revisionHistoryLimit: 10 },
  },
};
