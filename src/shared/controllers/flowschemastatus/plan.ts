import { formatTime } from '../../clock/clock.ts';
import type { FlowSchema, FlowSchemaCondition } from '../../kinds/schema/types.ts';

/** The condition that says whether the priority level of a schema is missing; undefined when it is said already. */
export function plan(
  { spec, status }: FlowSchema,
  levels: ReadonlySet<string>,
  now: number,
): FlowSchemaCondition[] | undefined {
  const name = spec?.priorityLevelConfiguration.name ?? '';
  const wanted = {
    type: 'Dangling',
    ...(levels.has(name)
      ? { status: 'False', reason: 'Found', message: said(name, 'and it exists') }
      : { status: 'True', reason: 'NotFound', message: said(name, 'but there is no such object') }),
  };
  const conditions = status?.conditions ?? [];
  const current = conditions.find(({ type }) => type === wanted.type);
  if (current?.status === wanted.status && current.message === wanted.message) return undefined;
  const lastTransitionTime = current?.status === wanted.status ? current.lastTransitionTime : formatTime(now);
  return [
    ...conditions.filter(({ type }) => type !== wanted.type),
    { ...wanted, ...(lastTransitionTime && { lastTransitionTime }) },
  ];
}

const said = (level: string, how: string) =>
  `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} ${how}`;
