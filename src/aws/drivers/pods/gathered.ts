import type { Task } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../shared/clock/clock.ts';
import { isReason } from '../../../shared/errors/apiError.ts';
import { taskId } from './identity.ts';

type Describe = (ids: string[]) => Promise<Task[]>;

/** Tasks whose descriptions are asked for by one call, once the one that is under way has been answered. */
interface Batch {
  ids: Set<string>;
  answer: Promise<Task[]>;
}

/** As many as one call takes. */
const most = 100;
/** Nobody waits for a call that takes longer: it may be one of before a sandbox was frozen. */
const longestMs = 2_000;

/**
 * Has what is asked while a call is under way wait for it, and go together in the next one: an account's calls are bounded, and
 * functions look at ten Pods at a time. Who asks alone waits for nobody.
 */
export function gathered(clock: Clock, describe: Describe): Describe {
  let underWay: { since: number; over: Promise<void> } | undefined;
  let next: Batch | undefined;

  const begin: Describe = (ids) => {
    const answer = describe(ids);
    const over = answer.then(
      () => {},
      () => {},
    );
    const own = { since: clock.now(), over };
    underWay = own;
    void over.then(() => {
      if (underWay === own) underWay = undefined;
    });
    return answer;
  };
  const after = (over: Promise<void>): Batch => {
    const ids = new Set<string>();
    const batch: Batch = {
      ids,
      answer: over.then(() => {
        if (next === batch) next = undefined;
        return begin([...ids]);
      }),
    };
    return batch;
  };

  return async (ids) => {
    if (!underWay || clock.now() - underWay.since > longestMs || ids.length > most / 2) return begin(ids);
    if (!next || next.ids.size + ids.length > most) next = after(underWay.over);
    // Asked for by its name and by its ARN, a task would come twice.
    const wanted = new Set(ids.map(idOf));
    for (const id of wanted) next.ids.add(id);
    try {
      return (await next.answer).filter((task) => wanted.has(taskId(task)));
    } catch (error) {
      // Another one's status names what is no task.
      if (isReason(error, 'BadRequest')) return describe(ids);
      throw error;
    }
  };
}

const idOf = (idOrArn: string) => idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
