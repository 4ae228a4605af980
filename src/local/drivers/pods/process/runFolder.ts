import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bootId, isAlive, type ProcessId, startTimeIn, startTimeOf } from './identity.ts';

/**
 * A run's folder is how a run is known, by any control plane:
 * - `claim`: made by the wrapper as its first act, holds the wrapper's number; or by a control plane that bars it
 * - `main`: the number of the container's main process
 * - `exit`: the exit code, once the main process has ended
 * - `stdout`, `stderr`: what it prints; `root`: its files
 */
export const runEnvironment = 'SHALLOP_RUN';

/**
 * Waits for the program and writes down how it ended, whoever is there to see. Whoever creates `claim` first decides
 * whether the run happens at all. Only the main process gets a signal sent to it; the wrapper outlives those sent to
 * the whole group. When the main process has ended, nothing of its group stays. The wrapper's own words go nowhere.
 */
export const wrapper = `set -C
{ read -r s </proc/$$/stat; } 2>/dev/null
{ read -r b </proc/sys/kernel/random/boot_id; } 2>/dev/null
{ echo "$$ $b \${s##*) }" >"$${runEnvironment}/claim"; } 2>/dev/null || exit 0
set +C
exec 3>&2 2>/dev/null
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
sh -c '{ read -r s </proc/$$/stat; } 2>/dev/null
echo "$$ - \${s##*) }" >"$${runEnvironment}/main"
exec "$@" 2>&3 3>&-' sh "$@"
echo $? >"$${runEnvironment}/exit"
kill -9 0`;

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

/** How the run in a folder stands. `now` dates an end that nothing else dates. */
export function inspectRun(folder: string, now: number): RunFolder {
  const claim = readText(join(folder, 'claim'));
  if (claim === undefined) return { kind: 'unclaimed' };
  if (claim === barredText) return { kind: 'barred' };
  const startedAt = Math.round(statSync(join(folder, 'claim')).mtimeMs);
  const owner = parseId(claim, startedAt);
  const code = readText(join(folder, 'exit'));
  if (code) {
    const finishedAt = Math.round(statSync(join(folder, 'exit')).mtimeMs);
    return { kind: 'ended', exitCode: Number(code), startedAt, finishedAt, wrapper: owner?.pid ?? 0 };
  }
  // Created and not yet written: the wrapper is between two steps.
  if (claim === '') return { kind: 'running', wrapper: 0, startedAt };
  const sameBoot = !bootId || claim.split(' ')[1] === bootId;
  if (owner && sameBoot && isAlive(owner)) {
    const main = parseId(readText(join(folder, 'main')), startedAt);
    return { kind: 'running', wrapper: owner.pid, ...(main && { main }), startedAt };
  }
  // Read again: it may have ended between the two looks.
  const late = readText(join(folder, 'exit'));
  // Without a word it was killed together with its wrapper, or the wrapper alone: then something may still run.
  const exitCode = late ? Number(late) : 137;
  const wrapper = sameBoot ? (owner?.pid ?? 0) : 0;
  return { kind: 'ended', exitCode, startedAt, finishedAt: now, wrapper, ...(!late && { lost: true }) };
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

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
