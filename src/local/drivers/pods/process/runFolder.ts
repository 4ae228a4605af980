import { closeSync, lstatSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { mostBytes, readControlFile } from './controlFile.ts';
import { bootId, isAlive, type ProcessId, startTimeIn, startTimeOf } from './identity.ts';
import type { Shell } from './tools.ts';

/**
 * A run's folder is how a run is known, by any control plane:
 * - `io`: the pipes `stdout` and `stderr` that it prints to
 * - `holder`, `input`: the numbers of the processes that keep these pipes, and that of its input
 * - `claim`: made by the wrapper as its first act, holds the wrapper's number; or by a control plane that bars it
 * - `main`: the number of the container's main process
 * - `exit`: the exit code, once the main process has ended
 * - `root`: its files
 */
export const runEnvironment = 'SHALLOP_RUN';

/**
 * Keeps the pipes of a run open, so that it can print while no control plane reads, until a pipe is full. It stays,
 * stopped, when the run has ended, for what is still in them: the control plane that has read it kills it. It is no
 * process of the Pod. Arguments: the file in which it writes down its number, and a control group or ''.
 */
const holder = `[ -z "$2" ] || echo $$ >"$2/cgroup.procs" 2>/dev/null
{ read -r s </proc/$$/stat; read -r b </proc/sys/kernel/random/boot_id; } 2>/dev/null
echo "$$ $b \${s##*) }" >"$1"
trap : HUP INT QUIT TERM
while :; do kill -STOP $$; done`;

/**
 * Waits for the program and writes down how it ended, also while no control plane runs. The first process to create
 * `claim` decides whether the run happens at all. Only the main process gets a signal sent to it; the wrapper outlives those sent to
 * the whole group. When the main process has ended, nothing of its group stays. The wrapper's own words go nowhere.
 * A shell that the main process forks from knows its number where there is a /proc; elsewhere another is started for that.
 * Arguments: a flag for the shell or '', a control group or '', the command. Variables have names that no container
 * has: a shell passes on those that it was given.
 */
const wrapper = `SHALLOP_FLAG=$1
[ -z "$2" ] || echo $$ >"$2/cgroup.procs"
shift 2
set -C
{ read -r SHALLOP_STAT </proc/$$/stat; } 2>/dev/null
{ read -r SHALLOP_BOOT </proc/sys/kernel/random/boot_id; } 2>/dev/null
{ echo "$$ $SHALLOP_BOOT \${SHALLOP_STAT##*) }" >"$${runEnvironment}/claim"; } 2>/dev/null || exit 0
set +C
exec 3>&2 2>/dev/null
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
if [ -r /proc/self/stat ]; then (
read -r SHALLOP_STAT </proc/self/stat
echo "\${SHALLOP_STAT%% *} - \${SHALLOP_STAT##*) }" >"$${runEnvironment}/main"
exec "$@" 2>&3 3>&-
) else "$0" $SHALLOP_FLAG -c 'echo "$$ - " >"$${runEnvironment}/main"
exec "$@" 2>&3 3>&-' "$0" "$@"
fi
echo $? >"$${runEnvironment}/exit"
kill -9 0`;

/** Returns what keeps the pipes of its output, or its input, open. */
export const keeperCommand = (
  sh: string,
  folder: string,
  role: 'holder' | 'input',
  group: string,
): string[] => [sh, ...['-c', holder, 'shallop', join(folder, role), group]];

/** The command line that runs a program as a run whose folder its environment names. */
export const wrapped = ({ program, flag }: Shell, group: string, command: string[]): string[] => [
  program,
  ...(flag ? [flag] : []),
  ...['-c', wrapper, program, flag, group, ...command],
];

export type RunFolder =
  | { kind: 'unclaimed' | 'barred' }
  | { kind: 'running'; wrapper: number; main?: ProcessId; startedAt: number }
  | {
      kind: 'ended';
      exitCode: number;
      startedAt: number;
      finishedAt: number;
      wrapper: number;
      lost?: boolean;
    };

const barredText = 'barred';
/** A wrapper writes its claim at once; one that has not for so long was killed. What else runs is ended with it. */
const unwrittenMs = 2_000;

/** Returns how the run in a folder stands. `now` dates an end that nothing else dates. */
export function inspectRun(folder: string, now: number): RunFolder {
  const claim = readControlFile(join(folder, 'claim'));
  if (claim === undefined) {
    if (!isReplaced(join(folder, 'claim'))) return { kind: 'unclaimed' };
    // The program did so: it runs, and whoever waited for the claim would wait as long as it does.
    return { kind: 'ended', exitCode: 137, startedAt: now, finishedAt: now, wrapper: 0, lost: true };
  }
  const { text, changedAt: startedAt } = claim;
  if (text === barredText) return { kind: 'barred' };
  const owner = parseId(text, startedAt);
  const left = readExit(folder);
  if (left) return { kind: 'ended', ...left, startedAt, wrapper: owner?.pid ?? 0 };
  // Created and not yet written: the wrapper is between two steps, or was killed there.
  if (text === '' && now - startedAt < unwrittenMs) return { kind: 'running', wrapper: 0, startedAt };
  if (owner && isOfThisBoot(text) && isAlive(owner)) {
    const main = parseId(readControlFile(join(folder, 'main'))?.text, startedAt);
    return { kind: 'running', wrapper: owner.pid, ...(main && { main }), startedAt };
  }
  const wrapper = isOfThisBoot(text) ? (owner?.pid ?? 0) : 0;
  // Read again: it may have ended between the two looks.
  const late = readExit(folder);
  if (late) return { kind: 'ended', ...late, startedAt, wrapper };
  // Without a word it was killed together with its wrapper, or the wrapper alone: then something may still run.
  return { kind: 'ended', exitCode: 137, startedAt, finishedAt: now, wrapper, lost: true };
}

/** The process that keeps a run's pipes, or its wrapper, as long as it lives. */
export function processOf(folder: string, role: 'holder' | 'input' | 'claim'): ProcessId | undefined {
  const found = readControlFile(join(folder, role));
  const id = found && isOfThisBoot(found.text) ? parseId(found.text, found.changedAt) : undefined;
  return id && isAlive(id) ? id : undefined;
}

/** Whether something stands there that neither a wrapper nor a control plane has made. */
function isReplaced(file: string): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found !== undefined && (!found.isFile() || found.size > mostBytes);
}

const isOfThisBoot = (id: string) => !bootId || id.split(' ')[1] === bootId;

function readExit(folder: string): { exitCode: number; finishedAt: number } | undefined {
  const found = readControlFile(join(folder, 'exit'));
  return found && /^\d{1,3}$/.test(found.text)
    ? { exitCode: Number(found.text), finishedAt: found.changedAt }
    : undefined;
}

/** Bars a run that has not begun. Answers false when its wrapper was first. */
export function barRun(folder: string): boolean {
  try {
    const fd = openSync(join(folder, 'claim'), 'wx', 0o600);
    writeSync(fd, barredText);
    closeSync(fd);
    return true;
  } catch (error) {
    // Without a folder there is nothing a wrapper could claim.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function parseId(text: string | undefined, claimedAt: number): ProcessId | undefined {
  const [number, , ...fields] = text?.split(' ') ?? [];
  const pid = Number(number);
  if (!pid) return undefined;
  const told = startTimeIn(fields.join(' '));
  if (told) return { pid, startTime: told };
  // Where the shell cannot tell its start time, a process that started when the claim was made is taken for it.
  const started = startTimeOf(pid);
  const near = started && Math.abs(Date.parse(started) - claimedAt) < 5000;
  return near ? { pid, startTime: started } : undefined;
}

/** Processes of a run that are known for sure. */
export const rootsIn = (state: RunFolder): number[] =>
  state.kind === 'running' ? [state.wrapper, state.main?.pid ?? 0].filter(Boolean) : [];
