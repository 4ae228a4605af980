import type { LimitRange, PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import { byNamespace } from '../../storage/compiled/byNamespace.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';
import { claimProblems, podProblems } from './constraints.ts';
import { giveDefaults } from './defaults.ts';

/** Containers get the amounts that their namespace has for them; what is beyond its limits is refused. */
export function limitRanger({ storage, clock, trustedMs = 0 }: AdmissionOptions): AdmissionPlugin {
  const rangesIn = byNamespace<LimitRange>(storage, 'limitranges', clock, trustedMs);
  const ranges = async ({ cluster, namespace }: Admission) => (await rangesIn(cluster)).get(namespace) ?? [];
  return {
    name: 'LimitRanger',
    resources: ['pods', 'persistentvolumeclaims'],
    operations: ['CREATE', 'UPDATE'],
    addsDefaults: true,

    admit: async (admission) => {
      const pod = admission.object as unknown as Pod | undefined;
      if (!isLimited(admission) || admission.kind.kind !== 'Pod' || !pod?.spec) return false;
      let changed = false;
      for (const range of await ranges(admission)) changed = giveDefaults(pod, range) || changed;
      return changed;
    },

    validate: async (admission) => {
      const { kind, object, name } = admission;
      if (!isLimited(admission) || !object) return;
      for (const range of await ranges(admission)) {
        const problems =
          kind.kind === 'Pod'
            ? podProblems(object as unknown as Pod, range)
            : claimProblems(object as unknown as PersistentVolumeClaim, range);
        const [first, ...more] = new Set(problems);
        if (first === undefined) continue;
        throw refused(kind, name, more.length ? `[${[first, ...more].join(', ')}]` : first);
      }
    },
  };
}

/** What containers have does not change after the creation of their Pod. */
const isLimited = ({ kind, operation, old }: Admission): boolean =>
  operation === 'CREATE' || (kind.kind !== 'Pod' && !old?.metadata.deletionTimestamp);
