import type { Pod, PodSpec, PriorityClass } from '../../kinds/schema/types.ts';
import { isComing, type Soon } from '../../meta/soon.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';
import { type Classes, classesIn } from './classes.ts';

const defaultPolicy = 'PreemptLowerPriority';

/** A Pod's priority follows from its class, or from the one that is the default; without any it is 0. */
export function priority({ storage, clock, trustedMs = 0 }: AdmissionOptions): AdmissionPlugin {
  const classes = classesIn(storage, clock, trustedMs);
  return {
    name: 'Priority',
    resources: ['pods', 'priorityclasses.scheduling.k8s.io'],
    operations: ['CREATE', 'UPDATE'],
    addsDefaults: true,

    admit: (admission) => {
      const { kind, operation, cluster, object, old } = admission;
      const { spec } = (object ?? {}) as unknown as Pod;
      if (kind.kind !== 'Pod' || !spec) return false;
      if (operation === 'UPDATE') return keepFrom(old as unknown as Pod, spec);
      const all = classes(cluster, false);
      if (!spec.priorityClassName && !isComing(all)) return give(admission, spec, all.default);
      return classOf(admission, spec.priorityClassName, all, () => classes(cluster, true)).then((found) =>
        give(admission, spec, found),
      );
    },

    validate: async ({ kind, operation, cluster, name, object }) => {
      if (kind.kind !== 'PriorityClass' || !(object as unknown as PriorityClass).globalDefault) return;
      const other = (await classes(cluster, true)).default?.metadata.name;
      if (other === undefined || (operation === 'UPDATE' && other === name)) return;
      throw refused(
        kind,
        name,
        `PriorityClass ${other} is already marked as default. Only one default can exist`,
      );
    },
  };
}

function give(admission: Admission, spec: PodSpec, found: PriorityClass | undefined): true {
  if (found && !spec.priorityClassName) spec.priorityClassName = found.metadata.name;
  checkSame(admission, 'integer value of priority', spec.priority, found?.value ?? 0);
  spec.priority = found?.value ?? 0;
  const policy = found ? found.preemptionPolicy : defaultPolicy;
  if (policy === undefined) return true;
  checkSame(admission, 'string value of PreemptionPolicy', spec.preemptionPolicy, policy);
  spec.preemptionPolicy = policy;
  return true;
}

/** Keeps what a client leaves out that replaces a Pod by the manifest it was made of. @returns whether that was anything */
function keepFrom({ spec: old }: Pod, spec: PodSpec): boolean {
  const { priority = old?.priority, preemptionPolicy = old?.preemptionPolicy } = spec;
  const isSame = priority === spec.priority && preemptionPolicy === spec.preemptionPolicy;
  if (priority !== undefined) spec.priority = priority;
  if (preemptionPolicy !== undefined) spec.preemptionPolicy = preemptionPolicy;
  return !isSame;
}

/** The class that a Pod names, or else the default one. A class that is not known yet is looked for once more. */
async function classOf(
  { kind, name, object }: Admission,
  className: string | undefined,
  known: Soon<Classes>,
  fresh: () => Soon<Classes>,
): Promise<PriorityClass | undefined> {
  if (!className) return (await known).default;
  const found = (await known).byName.get(className) ?? (await fresh()).byName.get(className);
  if (found) return found;
  throw refused(
    kind,
    name || (object?.metadata.generateName ?? ''),
    `no PriorityClass with name ${className} was found`,
  );
}

function checkSame<V>(
  { kind, name, object }: Admission,
  what: string,
  given: V | undefined,
  computed: V,
): void {
  if (given === undefined || given === computed) return;
  throw refused(
    kind,
    name || (object?.metadata.generateName ?? ''),
    `the ${what} (${given}) must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`,
  );
}
