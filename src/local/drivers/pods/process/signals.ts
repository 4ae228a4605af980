import type { Clock } from '../../../../shared/clock/clock.ts';
import { isAlive, sendSignal } from './identity.ts';
import type { RunFolder } from './runFolder.ts';
import type { Settings } from './settings.ts';

/** Sends a signal to the program of a run. Nothing happens when it does not run. */
export function signalRun(now: RunFolder, signal: NodeJS.Signals): void {
  if (now.kind !== 'running') return;
  // Before its main process is there, its group is only the wrapper's.
  if (now.main && isAlive(now.main)) sendSignal(now.main.pid, signal);
  else if (now.wrapper) sendSignal(-now.wrapper, signal);
}

/** Kills the program of a run, and its wrapper when that does not end then. Returns what is known of the run afterwards. */
export async function killRun(look: () => RunFolder, clock: Clock): Promise<RunFolder> {
  let now = look();
  if (now.kind === 'running' && now.main && isAlive(now.main)) {
    // The wrapper then writes down how it ended and ends the rest.
    sendSignal(now.main.pid, 'SIGKILL');
    for (let i = 0; i < 50 && now.kind === 'running'; i++) {
      await clock.sleep(10);
      now = look();
    }
  }
  if (now.kind === 'running' && now.wrapper) sendSignal(-now.wrapper, 'SIGKILL');
  return now;
}

/**
 * Kills what a run that has ended left in a process namespace that it shared: there it does not end with the first of the
 * run's processes. Nothing happens where that is not known any more.
 */
export async function endStrays(settingOf: () => Settings, pids: () => Promise<number[]>): Promise<void> {
  try {
    if (settingOf().jail?.namespaces.pause === undefined) return;
    for (const pid of await pids()) sendSignal(pid, 'SIGKILL');
  } catch {
    // Its Pod has been removed meanwhile, and all that was left with it.
  }
}
