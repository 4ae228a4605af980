/** Time as the core sees it. Roots inject `systemClock`; tests step a `ManualClock`. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once (without error) when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The instant as Kubernetes writes metav1.Time: `2006-01-02T15:04:05Z`, whole seconds. */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== last.second) last = { second, text: `${new Date(ms).toISOString().slice(0, 19)}Z` };
  return last.text;
}

/** Is the second that was asked for last: a busy server asks for the same one thousands of times. */
let last = { second: Number.NaN, text: '' };

/** The instant as metav1.MicroTime: `2006-01-02T15:04:05.000000Z`. */
export const formatMicroTime = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 23).padEnd(23, '0')}000Z`;
