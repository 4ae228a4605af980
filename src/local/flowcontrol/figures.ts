import type { Gathered } from '../../shared/observability/metrics.ts';
import type { Counts, Level } from './level.ts';
import type { Levels } from './levels.ts';

type Figure = ReturnType<Gathered['read']> extends Iterable<infer F> ? F : never;

/** Returns what /metrics tells of priority levels, under a real server's names. It is read off when somebody asks. */
export function figuresOf(levels: Levels): readonly Gathered[] {
  const perLevel = (name: string, help: string, value: (level: Level) => number): Gathered => ({
    name: `apiserver_flowcontrol_${name}`,
    help,
    type: 'gauge',
    labelNames: ['priority_level'],
    read: () => [...levels.all].map(([level, each]): Figure => [{ priority_level: level }, value(each)]),
  });
  const perSchema = (
    name: string,
    help: string,
    value: (counts: Counts) => number,
    type: Gathered['type'] = 'gauge',
  ): Gathered => ({
    name: `apiserver_flowcontrol_${name}`,
    help,
    type,
    labelNames: ['priority_level', 'flow_schema'],
    read: () =>
      [...levels.all].flatMap(([level, { counts }]) =>
        [...counts].map(
          ([schema, each]): Figure => [{ priority_level: level, flow_schema: schema }, value(each)],
        ),
      ),
  });
  return [
    perLevel('nominal_limit_seats', 'Seats of the level by its shares.', ({ limits }) => limits.nominal),
    perLevel('lower_limit_seats', 'Seats that the level does not lend.', ({ limits }) => limits.min),
    perLevel('upper_limit_seats', 'Seats of the level with all it may borrow.', ({ limits }) => limits.max),
    perLevel('current_limit_seats', 'Seats of the level now.', ({ current }) => current),
    perLevel('target_seats', 'Seats that the level is meant to have.', ({ target }) => target),
    perLevel('demand_seats_high_watermark', 'Most seats that it could use.', demand('highest')),
    perLevel('demand_seats_average', 'Seats that it could use on average.', demand('average')),
    perLevel('demand_seats_stdev', 'How far that went up and down.', demand('deviation')),
    perLevel('demand_seats_smoothed', 'Seats that it could use, over minutes.', demand('smoothed')),
    perSchema('current_inqueue_requests', 'Requests that wait.', ({ waiting }) => waiting),
    perSchema('current_inqueue_seats', 'Seats that wait.', ({ waitingSeats }) => waitingSeats),
    perSchema('current_executing_requests', 'Requests under way.', ({ executing }) => executing),
    perSchema('current_executing_seats', 'Seats in use.', ({ executingSeats }) => executingSeats),
    perSchema(
      'dispatched_requests_total',
      'Requests that were let in.',
      ({ dispatched }) => dispatched,
      'counter',
    ),
    {
      name: 'apiserver_flowcontrol_rejected_requests_total',
      help: 'Requests that were refused.',
      type: 'counter',
      labelNames: ['priority_level', 'flow_schema', 'reason'],
      read: () => rejectedOf(levels),
    },
    {
      name: 'apiserver_flowcontrol_seat_fair_frac',
      help: 'The part of what each level wants that all get.',
      type: 'gauge',
      labelNames: [],
      read: () => [[{}, levels.fairFraction]],
    },
  ];
}

const demand =
  (figure: keyof Level['demand']['figures']) =>
  ({ demand: { figures } }: Level): number =>
    figures[figure];

const rejectedOf = (levels: Levels): Figure[] =>
  [...levels.all].flatMap(([level, { counts }]) =>
    [...counts].flatMap(([schema, { rejected }]) =>
      [...rejected].map(
        ([reason, count]): Figure => [{ priority_level: level, flow_schema: schema, reason }, count],
      ),
    ),
  );
