/** Describes how far back the log reaches, per (cluster, resource). */
export interface Retention {
  /** Changes younger than this many milliseconds are kept. */
  keepMs: number;
  /** The newest changes are kept whatever their age. */
  keepAtLeast: number;
  /** Older changes go whatever their age: a bound on disk and on replays. */
  keepAtMost: number;
}

/** kube-apiserver has etcd keep between five and ten minutes. */
export const defaultRetention: Retention = { keepMs: 600_000, keepAtLeast: 1_000, keepAtMost: 100_000 };

/** Returns whether the oldest of `count` changes, written at `at`, may go. */
export const mayForget = (r: Retention, count: number, at: number, now: number): boolean =>
  count > r.keepAtMost || (count > r.keepAtLeast && at <= now - r.keepMs);
