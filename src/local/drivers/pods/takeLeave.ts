import type { Clock } from '../../../shared/clock/clock.ts';

/** A command whose client has left. */
export interface LeftCommand {
  clock: Clock;
  /** Aborts when the command has ended. */
  over: AbortSignal;
  /** It was given input, which has ended now. */
  hadInput: boolean;
  tty: boolean;
  signal(name: 'HUP' | 'TERM' | 'KILL'): void;
}

/** Says how long a command may work on what it was sent before its client left, in milliseconds. */
const finishMs = 30_000;
/** Says how long a command may take to end once it was told to. */
const leaveMs = 2000;

/**
 * Ends a command that nobody is beside any more. One that reads its input finds the end of that first, and may finish
 * with what it was sent: clients that copy files (Ansible, for one) leave with the last byte.
 */
export async function takeLeave({ clock, over, hadInput, tty, signal }: LeftCommand): Promise<void> {
  if (hadInput && !tty) await clock.sleep(finishMs, over);
  if (over.aborted) return;
  signal(tty ? 'HUP' : 'TERM');
  await clock.sleep(leaveMs, over);
  if (!over.aborted) signal('KILL');
}
