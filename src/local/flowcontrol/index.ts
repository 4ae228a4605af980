import type { FlowControl, FlowRequest } from '../../shared/api/flowControl.ts';
import type { Attributes } from '../../shared/auth/authorize.ts';
import { anonymous } from '../../shared/auth/user.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import { isComing, type Soon } from '../../shared/meta/soon.ts';
import type { Gathered } from '../../shared/observability/metrics.ts';
import { type CompiledSchema, type Configuration, schemaFor } from './configuration.ts';
import { dump } from './dump.ts';
import { figuresOf } from './figures.ts';
import type { HeldOf } from './held.ts';
import { defaultLimits, type InFlightLimits, limitInFlight } from './inFlight.ts';
import type { Level } from './level.ts';
import { Levels, periodMs } from './levels.ts';
import { tooManyRequests } from './refusal.ts';
import { seatsOf } from './seats.ts';
import type { Ticket } from './ticket.ts';

export interface FlowControlOptions {
  /** The configuration as it is stored now: the same value as long as nothing has changed. */
  configuration(): Soon<Configuration>;
  clock: Clock;
  /** Milliseconds that never go back. */
  now(): number;
  heldOf: HeldOf;
  /** Is what is not limited by levels; the sum is what they divide. */
  limits?: InFlightLimits;
  /** Told how long each request waited whose level is limited, in seconds, and whether it was served then. */
  waited?(level: string, schema: string, isServed: boolean, seconds: number): void;
}

/** Flow control that runs, with what there is to say of it. */
export interface RunningFlowControl extends FlowControl {
  figures: readonly Gathered[];
  close(): void;
}

/** Says how long a request may wait: a quarter of a real server's --request-timeout. */
const patienceMs = 15_000;

/**
 * API priority and fairness: each request goes by the first flow schema that matches it, and waits in the queues of its priority
 * level until that has a seat for it (docs/adr/0022).
 */
export function openFlowControl(options: FlowControlOptions): RunningFlowControl {
  const { configuration, clock, now, heldOf, limits = defaultLimits, waited } = options;
  const inFlight = limitInFlight(limits);
  const levels = new Levels(limits.readOnly + limits.mutating, now());
  const closing = new AbortController();
  let followed: Configuration | undefined;
  let isLending = false;

  const current = (wanted: Configuration): Configuration => {
    if (wanted !== followed) {
      followed = wanted;
      levels.follow(wanted, now());
    }
    return wanted;
  };
  /** Looks every ten seconds while there is anything to look at: a server that rests is not woken. */
  const lendInTurn = async () => {
    isLending = true;
    do {
      await clock.sleep(periodMs, closing.signal);
      if ([...levels.all.values()].some(({ isRetired, queues }) => isRetired && queues.isIdle) && followed)
        levels.follow(followed, now());
      else levels.lend(now());
    } while (!closing.signal.aborted && !levels.isQuiet);
    isLending = false;
  };

  const limited = async <T>(
    asked: FlowRequest,
    schema: CompiledSchema,
    level: Level,
    serve: () => Promise<T>,
  ) => {
    const { attributes, query } = asked;
    let wake: (() => void) | undefined;
    const ticket: Ticket = {
      schema: schema.name,
      flow: flowOf(schema, asked),
      isOneOfMany: schema.distinguisher !== undefined,
      seats: seatsOf(
        attributes,
        query,
        () => heldOf(attributes.cluster, storedAs(attributes)),
        level.limits.mostSeats,
      ),
      go: () => {
        level.begun(ticket);
        wake?.();
      },
      startedAt: 0,
      arrivedAt: 0,
    };
    const begun = now();
    const arrival = level.arrive(ticket, begun);
    if (!isLending) void lendInTurn();
    const turn = () => new Promise<void>((resolve) => (wake = resolve));
    const isServed =
      arrival === 'executing' || (arrival === 'waiting' && (await turnOf(asked, turn(), level, ticket)));
    waited?.(level.spec.name, schema.name, isServed, (now() - begun) / 1000);
    if (!isServed) throw tooManyRequests(level.retryAfter.seconds);
    try {
      return await serve();
    } finally {
      level.finish(ticket, now());
    }
  };

  /** Returns whether its turn came before its patience ended or its client left. */
  const turnOf = async ({ request }: FlowRequest, turn: Promise<void>, level: Level, ticket: Ticket) => {
    const over = new AbortController();
    const patience = clock.sleep(patienceMs, AbortSignal.any([over.signal, request.signal, closing.signal]));
    await Promise.race([turn, patience]);
    over.abort();
    return !level.leave(ticket, now());
  };

  return {
    async admit(asked, serve, note) {
      const { attributes, request } = asked;
      const { verb, resource } = attributes;
      // As with a real server they may take as long as they like: the programs behind them bear the load.
      if (resource?.subresource === 'proxy') return serve();
      if (verb !== 'watch' && longRunning.has(resource?.subresource ?? ''))
        return until(inFlight(request), serve);
      const asStored = configuration();
      const schema = schemaFor(current(isComing(asStored) ? await asStored : asStored), attributes);
      const level = levels.all.get(schema.level)!;
      note(schema.headers);
      if (!level.spec.isExempt) return await limited(asked, schema, level, serve);
      const leave = inFlight(request);
      level.pass(schema.name, now());
      try {
        return await serve();
      } finally {
        level.passed(schema.name, now());
        leave();
      }
    },
    dump: (name) => dump(name, levels.all),
    figures: figuresOf(levels),
    close: () => closing.abort(),
  };
}

/** Serves a request, and calls `over` then, whatever became of it. */
async function until<T>(over: () => void, serve: () => Promise<T>): Promise<T> {
  try {
    return await serve();
  } finally {
    over();
  }
}

/** They count until they begin, and go by no schema. */
const longRunning = new Set(['attach', 'exec', 'log', 'portforward']);

const storedAs = ({ resource }: Attributes): string =>
  resource ? (resource.group ? `${resource.plural}.${resource.group}` : resource.plural) : '';

/**
 * Returns what tells the flows of a schema apart. Logical clusters do, and strangers' addresses: nobody's name is
 * everybody's.
 */
function flowOf({ name, distinguisher }: CompiledSchema, { attributes, request }: FlowRequest): string {
  const { cluster, user, namespace = '' } = attributes;
  const who = user.name === anonymous.name ? `${user.name} ${request.peer.address}` : user.name;
  const value = distinguisher === 'ByUser' ? who : distinguisher === 'ByNamespace' ? namespace : '';
  return cluster === 'default' ? `${name}\0${value}` : `${name}\0${value}\0${cluster}`;
}
