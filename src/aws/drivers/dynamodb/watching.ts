import type { Clock } from '../../../shared/clock/clock.ts';
import type { Change, Progress, WatchScope } from '../../../shared/ports/storage.ts';
import { tooOld, unknownRevision } from '../../../shared/storage/log/errors.ts';
import { firstRevision, parseRevision } from '../../../shared/storage/log/revision.ts';
import type { Timings } from './options.ts';
import type { Tail } from './tail.ts';

/** Half a minute: a watch that falls quiet right after a tick still tells within the minute. */
const progressMs = 30_000;
const chunk = 100;

/** As Storage.watch: reads the log up to its contiguous head; wake-ups and polls only say when to look. */
export async function* watch(
  tail: Tail,
  clock: Clock,
  { pollMs, holePollMs }: Timings,
  { scope, since }: { scope: WatchScope; since: string },
  signal: AbortSignal,
): AsyncGenerator<Change | Progress> {
  let position = parseRevision(since);
  if (signal.aborted) return;
  let whole = await tail.advance();
  let looked = true;
  if (position > tail.position) throw unknownRevision(position, tail.position);
  if (position < firstRevision) throw tooOld(position, firstRevision);
  let progressAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    for (const { revision, change } of await tail.read(position, chunk)) {
      position = revision;
      if (!change || (scope.namespace !== undefined && change.object.key.namespace !== scope.namespace))
        continue;
      yield change;
      if (signal.aborted) return;
      if (progressAt > 0) progressAt = clock.now() + progressMs;
    }
    const sleeper = tail.sleeper(signal);
    try {
      whole = looked ? whole : await tail.advance();
      looked = false;
      if (position < tail.position) continue;
      if (clock.now() >= progressAt) {
        progressAt = clock.now() + progressMs;
        yield { type: 'progress', revision: String(position) };
      } else await sleeper.sleep(whole ? pollMs : holePollMs);
    } finally {
      sleeper.done();
    }
  }
}
