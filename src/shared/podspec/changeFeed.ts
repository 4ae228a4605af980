import type { PodRef } from '../ports/cloud.ts';

/** Tells any number of listeners which Pods to observe again; a Pod waiting to be said is not said twice. */
export interface ChangeFeed {
  say(ref: PodRef): void;
  /** Starts with `known`, ends when `signal` aborts. */
  listen(known: Iterable<PodRef>, signal: AbortSignal): AsyncIterable<PodRef>;
}

interface Listener {
  waiting: Map<string, PodRef>;
  wake: () => void;
}

export function createChangeFeed(): ChangeFeed {
  const listeners = new Set<Listener>();
  return {
    say(ref) {
      for (const listener of listeners) {
        listener.waiting.set(ref.uid, ref);
        listener.wake();
      }
    },
    listen(known, signal) {
      // Registered before the first next(), so that nothing said in between is lost.
      const listener: Listener = { waiting: new Map(), wake: () => {} };
      for (const ref of known) listener.waiting.set(ref.uid, ref);
      listeners.add(listener);
      return drain(listener, signal, () => listeners.delete(listener));
    },
  };
}

async function* drain(listener: Listener, signal: AbortSignal, done: () => void) {
  const wakeUp = () => listener.wake();
  signal.addEventListener('abort', wakeUp);
  try {
    while (!signal.aborted) {
      for (const [uid, ref] of listener.waiting) {
        if (signal.aborted) return;
        listener.waiting.delete(uid);
        yield ref;
      }
      if (listener.waiting.size || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        listener.wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener('abort', wakeUp);
    done();
  }
}
