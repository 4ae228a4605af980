import type { LimitRange, PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { isComing } from '../../meta/soon.ts';
import { byNamespace } from '../../storage/compiled/byNamespace.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';
import { claimProblems, podProblems } from './constraints.ts';
import { giveDefaults } from './defaults.ts';

/** Containers get the amounts that their namespace has for them; what is beyond its limits is refused. */
export function limitRanger({ storage, clock, trustedMs = 0 }: AdmissionOptions): AdmissionPlugin {
  const rangesIn = byNamespace<LimitRange>(storage, 'limitranges', clock, trustedMs);
  return {
    name: 'LimitRanger',
    resources: ['pods', 'pods/resize', 'persistentvolumeclaims'],
    operations: ['CREATE', 'UPDATE'],
    addsDefaults: true,

    admit: (admission) => {
      const { cluster, namespace, kind, object } = admission;
      const pod = object as unknown as Pod | undefined;
      if (!isLimited(admission) || kind.kind !== 'Pod' || !pod?.spec) return false;
      const ranges = rangesIn(cluster);
      if (isComing(ranges)) return ranges.then((all) => giveAll(pod, all.get(namespace)));
      return giveAll(pod, ranges.get(namespace));
    },

    validate: (admission) => {
      const { cluster, namespace, object } = admission;
      if (!isLimited(admission) || !object) return;
      const ranges = rangesIn(cluster);
      if (isComing(ranges)) return ranges.then((all) => check(admission, object, all.get(namespace)));
      check(admission, object, ranges.get(namespace));
    },
  };
}

function giveAll(pod: Pod, ranges: readonly LimitRange[] = []): boolean {
  let changed = false;
  for (const range of ranges) changed = giveDefaults(pod, range) || changed;
  return changed;
}

function check({ kind, name }: Admission, object: AnyObject, ranges: readonly LimitRange[] = []): void {
  for (const range of ranges) {
    const problems =
      kind.kind === 'Pod'
        ? podProblems(object as unknown as Pod, range)
        : claimProblems(object as unknown as PersistentVolumeClaim, range);
    const [first, ...more] = new Set(problems);
    if (first === undefined) continue;
    throw refused(kind, name, more.length ? `[${[first, ...more].join(', ')}]` : first);
  }
}

/** What containers have does not change after the creation of their Pod but by a resize. */
const isLimited = ({ kind, operation, subresource, old }: Admission): boolean =>
  operation === 'CREATE' ||
  ((kind.kind !== 'Pod' || subresource === 'resize') && !old?.metadata.deletionTimestamp);
