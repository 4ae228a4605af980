import { table } from '../../../meta/table.ts';
import type { ContainerStatus, LeaseSpec, Namespace, NodeSpec, NodeStatus, Secret } from '../types.ts';
import { setOwn, sortedByKey } from '../zero.ts';
import type { Rules } from './rules.ts';

export const core: Rules = {
  Secret: {
    adjust(secret: Secret) {
      if (!secret.stringData) return;
      const data: Record<string, string> = table({ ...secret.data });
      for (const [key, text] of Object.entries(secret.stringData)) {
        setOwn(data, key, Buffer.from(text).toString('base64'));
      }
      secret.data = sortedByKey(data);
      delete secret.stringData;
    },
    fields: { type: 'Opaque' },
  },
  Namespace: {
    adjust({ metadata }: Namespace) {
      if (metadata.name)
        metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
    },
  },
  // The following a real server does not keep, since a feature is not switched on or is no more.
  LeaseSpec: {
    adjust(spec: LeaseSpec) {
      delete spec.strategy;
      delete spec.preferredHolder;
    },
  },
  ContainerStatus: {
    adjust(status: ContainerStatus) {
      delete status.allocatedResourcesStatus;
    },
  },
  NodeSpec: {
    adjust(spec: NodeSpec) {
      delete spec.configSource;
    },
  },
  NamespaceStatus: { fields: { phase: 'Active' } },
  NodeStatus: {
    adjust(status: NodeStatus) {
      delete status.config;
    },
    fields: { allocatable: ({ capacity }: NodeStatus) => (capacity ? { ...capacity } : undefined) },
  },
};
