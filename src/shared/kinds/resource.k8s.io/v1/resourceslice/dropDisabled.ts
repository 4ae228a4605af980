import type { ResourceSliceSpec } from '../../../schema/types.ts';

/** Drops fields of features that are off in this version: taints, partitions, bindings and consumable capacity. */
export function dropDisabled(spec: ResourceSliceSpec): void {
  delete spec.sharedCounters;
  delete spec.perDeviceNodeSelection;
  for (const device of spec.devices ?? []) {
    delete device.taints;
    delete device.consumesCounters;
    delete device.nodeName;
    delete device.nodeSelector;
    delete device.allNodes;
    delete device.bindsToNode;
    delete device.bindingConditions;
    delete device.bindingFailureConditions;
    delete device.allowMultipleAllocations;
    for (const capacity of Object.values(device.capacity ?? {})) delete capacity.requestPolicy;
  }
}
