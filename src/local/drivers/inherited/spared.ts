import { readFileSync, writeFileSync } from 'node:fs';

/** Is what is added to this process's share of the memory when the kernel chooses whom to end for want of it. */
const file = '/proc/self/oom_score_adj';

/** What it was and what it is, where this process is spared. */
let scores: { usual: string; spared: string } | undefined;

/**
 * Has the kernel end Pods before this process, as it ends them before a kubelet, which has the same score. Where that is not
 * allowed nothing changes: it takes root, and more than a container's.
 */
export function spareThisProcess(spared = '-999'): void {
  try {
    const usual = readFileSync(file, 'utf8');
    writeFileSync(file, spared);
    scores = { usual, spared };
  } catch {
    // As any other process.
  }
}

/** Calls what starts a program that is not to be spared with this process: programs inherit the score at their start. */
export function unspared<T>(start: () => T): T {
  if (!scores) return start();
  writeFileSync(file, scores.usual);
  try {
    return start();
  } finally {
    writeFileSync(file, scores.spared);
  }
}
