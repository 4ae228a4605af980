import type { DaemonSet } from '../../../schema/types.ts';
import { isSame } from '../../../validation/same.ts';

/** Says how often the template changed: a field of former versions, kept as an annotation. */
const templateGeneration = 'deprecated.daemonset.template.generation';

export function prepareForCreate(set: DaemonSet): void {
  const count = countOf(set);
  number(set, count > 1n ? count : 1n);
}

export function prepareForUpdate(set: DaemonSet, old: DaemonSet): void {
  const before = countOf(old);
  number(set, isSame(set.spec?.template, old.spec?.template) ? before : before + 1n);
}

function number({ metadata }: DaemonSet, count: bigint): void {
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(count) };
}

const countOf = ({ metadata }: DaemonSet): bigint =>
  BigInt(/^\d{1,19}/.exec(metadata.annotations?.[templateGeneration] ?? '')?.[0] ?? 0);
