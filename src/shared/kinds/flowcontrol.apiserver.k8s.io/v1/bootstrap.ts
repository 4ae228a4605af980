/** The flow schemas and priority levels that every cluster begins with, as after a real server's start. */
import type { FlowSchema, PriorityLevelConfiguration } from '../../schema/types.ts';
import data from './bootstrap.json' with { type: 'json' };

const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';
/** Says that the server may write the object again when it comes with other values. */
const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'true' };

/** By name. */
export const bootstrapFlowSchemas: readonly FlowSchema[] = Object.entries(data.flowSchemas).map(
  ([name, spec]) => ({ apiVersion, kind: 'FlowSchema', metadata: { name, annotations }, spec }),
);

/** By name. */
export const bootstrapPriorityLevels: readonly PriorityLevelConfiguration[] = Object.entries(
  data.priorityLevels,
).map(([name, spec]) => ({
  apiVersion,
  kind: 'PriorityLevelConfiguration',
  metadata: { name, annotations },
  spec,
}));

/** Requests go by these two whatever else there is, so nobody may give them another spec. */
export const mandatory: readonly string[] = ['exempt', 'catch-all'];
