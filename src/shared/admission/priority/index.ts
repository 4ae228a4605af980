import type { Pod } from '../../kinds/schema/types.ts';
import { table } from '../../meta/table.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';

/** The classes every cluster has. */
const classes: Record<string, number> = table({
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
});

const classPolicy = 'PreemptLowerPriority';

/** A Pod's priority follows from its class; without one it is 0. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  resources: ['pods'],
  operations: ['CREATE'],
  addsDefaults: true,
  admit: ({ kind, object }) => {
    const { spec, metadata } = (object ?? {}) as unknown as Pod;
    if (!spec) return false;
    const { priorityClassName } = spec;
    const value = priorityClassName ? classes[priorityClassName] : 0;
    const name = metadata.name || (metadata.generateName ?? '');
    if (value === undefined)
      throw refused(kind, name, `no PriorityClass with name ${priorityClassName} was found`);
    if (spec.priority !== undefined && spec.priority !== value)
      throw refused(
        kind,
        name,
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    const policy = spec.preemptionPolicy ?? classPolicy;
    if (policy !== classPolicy)
      throw refused(
        kind,
        name,
        `the string value of PreemptionPolicy (${policy}) must not be provided in pod spec; priority admission controller computed ${classPolicy} from the given PriorityClass name`,
      );
    spec.priority = value;
    spec.preemptionPolicy = policy;
    return true;
  },
};
