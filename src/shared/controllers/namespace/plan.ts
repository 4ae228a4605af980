import { formatTime } from '../../clock/clock.ts';
import type { Namespace, NamespaceCondition } from '../../kinds/schema/types.ts';

/** Describes what is left in a namespace that is being deleted. */
export interface Remaining {
  /** `pods.` or `deployments.apps` with how many there are. */
  byResource: Record<string, number>;
  byFinalizer: Record<string, number>;
  /** Is what could not be deleted, and why. */
  failures: Error[];
}

type Claim = [type: string, status: 'True' | 'False', reason: string, message: string];

/** The conditions of a namespace under deletion, in the recorded order and words. */
export function conditionsFor({ status }: Namespace, left: Remaining, now: number): NamespaceCondition[] {
  const listed = (counts: Record<string, number>, word: string) =>
    Object.entries(counts)
      .map(([name, n]) => `${name}${word}${n} resource instances`)
      .sort()
      .join(', ');
  const failed = left.failures
    .map(({ message }) => message)
    .sort()
    .join(', ');
  const content = Object.keys(left.byResource).length > 0;
  const finalizers = Object.keys(left.byFinalizer).length > 0;
  const claims: Claim[] = [
    [
      'NamespaceDeletionDiscoveryFailure',
      'False',
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      'False',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ],
    left.failures.length > 0
      ? [
          'NamespaceDeletionContentFailure',
          'True',
          'ContentDeletionFailed',
          `Failed to delete all resource types, ${left.failures.length} remaining: ${failed}`,
        ]
      : [
          'NamespaceDeletionContentFailure',
          'False',
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ],
    content
      ? [
          'NamespaceContentRemaining',
          'True',
          'SomeResourcesRemain',
          `Some resources are remaining: ${listed(left.byResource, ' has ')}`,
        ]
      : ['NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed'],
    finalizers
      ? [
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${listed(left.byFinalizer, ' in ')}`,
        ]
      : [
          'NamespaceFinalizersRemaining',
          'False',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ],
  ];
  return claims.map(([type, state, reason, message]) => {
    const old = status?.conditions?.find((c) => c.type === type);
    const since = old?.status === state ? (old.lastTransitionTime ?? '') : formatTime(now);
    return { type, status: state, lastTransitionTime: since, reason, message };
  });
}
