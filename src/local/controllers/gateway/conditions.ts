import type { Condition } from '../../../shared/kinds/schema/types.ts';

/** A condition as a plan makes it; when it last changed is seen when it is written. */
export interface Finding {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

export const yes = (type: string, reason: string, message = ''): Finding => ({
  type,
  status: 'True',
  reason,
  message,
});

export const no = (type: string, reason: string, message: string): Finding => ({
  type,
  status: 'False',
  reason,
  message,
});

/** The conditions after new findings: the time of one changes with its status, and those of others stay. */
export function settle(
  known: readonly Condition[] = [],
  findings: readonly Finding[],
  { generation, now }: { generation: number | undefined; now: string },
): Condition[] {
  const found = new Set(findings.map(({ type }) => type));
  const settled = findings.map((finding): Condition => {
    const before = known.find(({ type }) => type === finding.type);
    const lastTransitionTime = before?.status === finding.status ? before.lastTransitionTime : now;
    return { ...finding, observedGeneration: generation ?? 0, lastTransitionTime };
  });
  return [...settled, ...known.filter(({ type }) => !found.has(type))];
}
