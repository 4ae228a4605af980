import type { Node, Taint } from '../../kinds/schema/types.ts';

type Effect = 'NoSchedule' | 'NoExecute';

/** By condition and its status: the taint that says the same to the scheduler. */
const conditions: [type: string, status: string, key: string, effects: Effect[]][] = [
  ['Ready', 'False', 'not-ready', ['NoSchedule', 'NoExecute']],
  ['Ready', 'Unknown', 'unreachable', ['NoSchedule', 'NoExecute']],
  ['MemoryPressure', 'True', 'memory-pressure', ['NoSchedule']],
  ['DiskPressure', 'True', 'disk-pressure', ['NoSchedule']],
  ['PIDPressure', 'True', 'pid-pressure', ['NoSchedule']],
  ['NetworkUnavailable', 'True', 'network-unavailable', ['NoSchedule']],
];
const named = (key: string) => `node.kubernetes.io/${key}`;
const managed = new Set(['unschedulable', ...conditions.map(([, , key]) => key)].map(named));
const idOf = ({ key, effect }: Taint) => `${key}:${effect}`;

/** The taints a Node should have: its own, and those that its conditions and a cordon mean. Undefined: as they are. */
export function taintsFor({ spec, status }: Node, now: string): Taint[] | undefined {
  const wanted = new Set(spec?.unschedulable ? [`${named('unschedulable')}:NoSchedule`] : []);
  for (const [type, state, key, effects] of conditions)
    if (status?.conditions?.some((c) => c.type === type && c.status === state))
      for (const effect of effects) wanted.add(`${named(key)}:${effect}`);
  const current = spec?.taints ?? [];
  const kept = current.filter((taint) => !managed.has(taint.key) || wanted.has(idOf(taint)));
  const there = new Set(kept.map(idOf));
  const added = [...wanted].filter((id) => !there.has(id));
  if (kept.length === current.length && added.length === 0) return undefined;
  return [
    ...kept,
    ...added.map((id) => {
      const [key = '', effect = ''] = id.split(':');
      return { key, effect: effect as Effect, timeAdded: now };
    }),
  ];
}
