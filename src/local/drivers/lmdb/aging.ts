import type { Clock } from '../../../shared/clock/clock.ts';
import type { Retention } from '../../../shared/storage/log/retention.ts';
import { forgettable } from './compaction.ts';
import type { Tables } from './tables.ts';
import type { Writer } from './writer.ts';

const compactEveryMs = 60_000;
/** Spaces looked at before others have their turn. */
const spacesAtOnce = 500;
/** Changes forgotten in one transaction, so that writes need not wait long. */
const compactChunk = 1_000;

interface Aged {
  tables: Tables;
  clock: Clock;
  retention: Retention;
  writer: Writer;
}

/** Ages the log of resources that nobody writes to, until `signal` aborts. */
export async function compactForever(aged: Aged, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await aged.clock.sleep(compactEveryMs, signal);
    let looked = 0;
    for (const space of signal.aborted ? [] : [...aged.tables.spaces.getKeys()]) {
      await compact(aged, space, signal);
      if (++looked % spacesAtOnce === 0) await new Promise(setImmediate);
    }
  }
}

/** A disk that is full now may not be at the next attempt: failures are left to it. */
async function compact({ tables, clock, retention, writer }: Aged, space: string, signal: AbortSignal) {
  // Most spaces have too short a log, and there may be very many.
  const { head, floor } = tables.state(space);
  if (head - floor <= Math.min(retention.keepAtLeast, retention.keepAtMost)) return;
  for (let more = true; more && !signal.aborted; ) {
    const step = () => {
      const state = tables.state(space);
      const now = clock.now();
      const { floor, revisions } = forgettable(
        tables,
        space,
        state,
        state.head,
        retention,
        now,
        compactChunk,
      );
      for (const revision of revisions) tables.log.remove([space, revision]);
      if (floor !== state.floor) tables.spaces.put(space, [state.head, floor]);
      more = floor - state.floor === compactChunk;
    };
    await writer.transaction(step).catch(() => {
      more = false;
    });
  }
}
