import type { DaemonSet } from '../../../schema/types.ts';
import { isSame } from '../../../validation/same.ts';

/** How often the template changed: a field of former versions, kept as an annotation. */
const templateGeneration = 'deprecated.daemonset.template.generation';

export function prepareForCreate(set: DaemonSet): void {
  number(set, Math.max(1, countOf(set)));
}

export function prepareForUpdate(set: DaemonSet, old: DaemonSet): void {
  const before = countOf(old);
  number(set, isSame(set.spec?.template, old.spec?.template) ? before : before + 1);
}

function number({ metadata }: DaemonSet, count: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(count) };
}

const countOf = ({ metadata }: DaemonSet): number =>
  Number.parseInt(metadata.annotations?.[templateGeneration] ?? '', 10) || 0;
