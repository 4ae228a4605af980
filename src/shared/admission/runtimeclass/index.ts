import { ApiError } from '../../errors/apiError.ts';
import type { Pod, PodSpec, RuntimeClass, Scheduling } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';
import { mergedTolerations } from './tolerations.ts';

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** A Pod takes overhead and scheduling of its RuntimeClass, and may have overhead from nowhere else. */
export const runtimeClass = ({ storage }: AdmissionOptions): AdmissionPlugin => ({
  name: 'RuntimeClass',
  resources: ['pods'],
  operations: ['CREATE'],

  // Most Pods name none: nothing is awaited for them.
  admit: (admission) => {
    const { spec } = (admission.object ?? {}) as unknown as Pod;
    if (spec?.runtimeClassName === undefined) return false;
    return classOf(admission, spec.runtimeClassName, storage).then((found) => give(admission, spec, found));
  },

  validate: (admission) => {
    const { spec } = (admission.object ?? {}) as unknown as Pod;
    if (!spec) return;
    if (spec.runtimeClassName === undefined) return check(admission, spec, undefined);
    return classOf(admission, spec.runtimeClassName, storage).then((found) => check(admission, spec, found));
  },
});

function give(admission: Admission, spec: PodSpec, { overhead, scheduling }: RuntimeClass): boolean {
  if (overhead) {
    if (spec.overhead && !isSame(spec.overhead, overhead.podFixed)) throw refusal(admission, mismatch);
    spec.overhead = overhead.podFixed;
  }
  if (scheduling) schedule(admission, spec, scheduling);
  return !!(overhead || scheduling);
}

function check(admission: Admission, spec: PodSpec, found: RuntimeClass | undefined): void {
  const allowed = found?.overhead?.podFixed;
  if (isSame(spec.overhead, allowed)) return;
  const why = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
  throw refusal(admission, allowed ? mismatch : why);
}

async function classOf(
  admission: Admission,
  name: string,
  storage: AdmissionOptions['storage'],
): Promise<RuntimeClass> {
  if (name === '') throw new ApiError('Unknown', 'resource name may not be empty');
  const { cluster } = admission;
  const stored = await storage.get({ cluster, resource: 'runtimeclasses.node.k8s.io', namespace: '', name });
  if (!stored) throw refusal(admission, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return JSON.parse(new TextDecoder().decode(stored.value)) as RuntimeClass;
}

function schedule(
  admission: Admission,
  spec: PodSpec,
  { nodeSelector = {}, tolerations = [] }: Scheduling,
): void {
  for (const [key, value] of Object.entries(nodeSelector)) {
    const own = Object.hasOwn(spec.nodeSelector ?? {}, key) ? spec.nodeSelector![key] : value;
    if (own !== value)
      throw refusal(
        admission,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      );
  }
  if (Object.keys(nodeSelector).length) spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector };
  if (tolerations.length) spec.tolerations = mergedTolerations([...(spec.tolerations ?? []), ...tolerations]);
}

const refusal = ({ kind, name }: Admission, why: string) => refused(kind, name, why);
