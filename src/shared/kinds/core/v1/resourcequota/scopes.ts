import { operatorHolds } from '../../../../meta/labels.ts';
import type { AnyObject } from '../../../../meta/object.ts';
import { qosClassOf } from '../../../../meta/qos.ts';
import type {
  PersistentVolumeClaim,
  Pod,
  PodAffinityTerm,
  ScopedResourceSelectorRequirement,
  WeightedPodAffinityTerm,
} from '../../../schema/types.ts';

/** A scope, and which values of it are meant. */
export type Requirement = ScopedResourceSelectorRequirement;

/** Returns whether a Pod is in a scope. */
export function podIsIn({ scopeName, operator, values = [] }: Requirement, object: AnyObject): boolean {
  const { spec } = object as unknown as Pod;
  if (!spec) return false;
  switch (scopeName) {
    case 'Terminating':
      return isTerminating(object as unknown as Pod);
    case 'NotTerminating':
      return !isTerminating(object as unknown as Pod);
    case 'BestEffort':
      return qosClassOf(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClassOf(spec) !== 'BestEffort';
    case 'PriorityClass':
      return operatorHolds(operator, spec.priorityClassName || undefined, values);
    case 'CrossNamespacePodAffinity':
      return reachesOut(spec.affinity?.podAffinity) || reachesOut(spec.affinity?.podAntiAffinity);
    default:
      return false;
  }
}

/** It ends by itself after some time. */
export const isTerminating = ({ spec }: Pod): boolean => (spec?.activeDeadlineSeconds ?? -1) >= 0;

interface Affinity {
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

const reachesOut = (affinity: Affinity = {}): boolean =>
  [
    ...(affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => each.podAffinityTerm),
  ].some(({ namespaces, namespaceSelector }) => namespaces?.length || namespaceSelector);

/** Returns whether a claim is in a scope: there is one for claims. */
export function claimIsIn({ scopeName, operator, values = [] }: Requirement, object: AnyObject): boolean {
  if (scopeName !== 'VolumeAttributesClass') return false;
  const { spec, status } = object as unknown as PersistentVolumeClaim;
  const classes = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name) => name);
  if (!classes.length) return operatorHolds(operator, undefined, values);
  return classes.some((name) => operatorHolds(operator, name, values));
}
