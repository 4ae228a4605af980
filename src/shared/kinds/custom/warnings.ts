import { qualifiedNameProblems } from '../../meta/names.ts';
import type { AnyObject } from '../../meta/object.ts';

const standard = ['orphan', 'foregroundDeletion', 'kubernetes'];

/** A word about each new finalizer that others may use as well. */
export function finalizerWarnings({ metadata }: AnyObject, old?: AnyObject): string[] {
  const before = new Set(old?.metadata.finalizers);
  const added = (metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  return [...new Set(added)].sort().flatMap((finalizer) => {
    const at = `metadata.finalizers: ${JSON.stringify(finalizer)}`;
    const problems = qualifiedNameProblems(finalizer).map((why) => `${at}: ${why}`);
    if (finalizer.includes('/') || standard.includes(finalizer)) return problems;
    const path = finalizer.includes('.') ? ' including a path (/)' : '';
    return [
      ...problems,
      `${at}: prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`,
    ];
  });
}
