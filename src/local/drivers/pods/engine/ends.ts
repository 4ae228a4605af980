import type { Clock } from '../../../../shared/clock/clock.ts';
import type { Run, RunState } from '../sandbox.ts';
import type { ContainerInspect, ContainerSummary } from './answers.ts';
import type { EngineClient } from './client.ts';
import { followEvents } from './events.ts';
import type { Guests } from './guests.ts';
import { isPause, type Labels, uidOf } from './labels.ts';
import { runStateOf } from './runState.ts';

export interface EndsOptions {
  client: EngineClient;
  clock: Clock;
  labels: Labels;
  guests: Guests;
}

/** Says how long an engine may take from telling that a container ended to knowing how. */
const settleMs = 2000;
const stepMs = 10;

/** Hears of the ends of runs and of the commands beside them. */
export async function followEnds({ client, clock, labels, guests }: EndsOptions) {
  const followed = new Map<string, Run>();
  /** Said to have ended and not yet looked at. */
  const ended = new Set<string>();
  const closing = new AbortController();
  let tell: (run: Run) => void = () => {};

  const end = (id: string) => {
    const run = followed.get(id);
    guests.containerEnded(id);
    if (!run) return;
    ended.add(id);
    tell(run);
  };
  const running = async (filters: string) =>
    client.ask<ContainerSummary[]>('GET', '/containers/json', { query: { filters } });

  /** Without the container that keeps them its namespaces cannot be joined again: the others begin anew in new ones. */
  const endPod = async (uid: string) => {
    for (const each of await running(labels.pod(uid)))
      if (!isPause(each))
        await client.ask('POST', `/containers/${each.Id}/kill`, { query: { signal: 'SIGKILL' } });
  };
  const lookAtAll = async () => {
    if (!followed.size) return;
    const before = [...followed.keys()];
    const alive = new Set((await running(labels.all())).map(({ Id }) => Id));
    for (const id of before) if (!alive.has(id)) end(id);
  };

  await followEvents({
    ...{ client, clock, filters: labels.events(), signal: closing.signal },
    onDie(id, Labels) {
      if (isPause({ Labels })) void endPod(uidOf({ Labels })).catch(() => {});
      else end(id);
    },
    onExecEnd: guests.look,
    onMissed: () => void lookAtAll().catch(() => {}),
  });

  return {
    follow: (id: string, run: Run) => void followed.set(id, run),
    forget(id: string): void {
      followed.delete(id);
      ended.delete(id);
    },
    forgetPod(uid: string): void {
      for (const [id, { ref }] of followed)
        if (ref.uid === uid) {
          guests.containerEnded(id);
          followed.delete(id);
          ended.delete(id);
        }
    },
    onEnd(listener: (run: Run) => void): void {
      tell = listener;
    },
    /** Returns how a run stands, once the engine knows where it has already told of its end. */
    async settled(
      id: string,
      inspect: () => Promise<ContainerInspect | undefined>,
      first: RunState,
    ): Promise<RunState> {
      let state = first;
      const until = clock.now() + settleMs;
      while (ended.has(id) && state.kind === 'running' && clock.now() < until) {
        await clock.sleep(stepMs);
        const found = await inspect();
        state = found ? runStateOf(found.State, clock.now()) : { kind: 'absent' };
      }
      return state;
    },
    close: () => closing.abort(),
  };
}
