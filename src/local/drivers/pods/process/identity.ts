import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
  pid: number;
  /** Says when it started, in the platform's words. */
  startTime: string;
}

const linux = process.platform === 'linux';

/** Says when the machine started, as far as it says: numbers of processes mean nothing across it. */
export const bootId = linux ? read('/proc/sys/kernel/random/boot_id').trim() : '';

/** Does this very process still run? */
export const isAlive = ({ pid, startTime }: ProcessId): boolean => startTimeOf(pid) === startTime;

/** The start time of a running process; undefined when there is none, or it has ended and only waits for its parent. */
export function startTimeOf(pid: number): string | undefined {
  return linux ? startTimeIn(afterName(read(`/proc/${pid}/stat`))) : startTimeByPs(pid);
}

/** From the fields of a Linux `stat` line that follow the program's name. */
export function startTimeIn(fields: string): string | undefined {
  const [state, ...rest] = fields.split(' ');
  const ticks = rest[18];
  return !ticks || state === 'Z' || state === 'X' ? undefined : ticks;
}

/** Sends a signal to a process, or to a group by its negative number. Answers whether there was one. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** The name stands in parentheses and may hold anything. */
const afterName = (stat: string) => stat.slice(stat.lastIndexOf(')') + 2);

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function startTimeByPs(pid: number): string | undefined {
  try {
    const [state = '', ...started] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    })
      .trim()
      .split(/\s+/);
    return state.startsWith('Z') || !started.length ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}
