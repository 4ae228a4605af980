import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';

/** Returns whether entries differ in their times and in nothing else. */
export function differInTimes(
  some: readonly ManagedFieldsEntry[] = [],
  others: readonly ManagedFieldsEntry[] = [],
): boolean {
  return (
    some.length === others.length &&
    some.some(({ time }, at) => time !== others[at]!.time) &&
    some.every((entry, at) => withoutTime(entry) === withoutTime(others[at]!))
  );
}

const withoutTime = ({ time: _time, ...entry }: ManagedFieldsEntry): string => JSON.stringify(entry);
