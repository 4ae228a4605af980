import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Usage } from '../../../../shared/ports/statistics.ts';

/** Describes where figures of a run may be found. */
export interface UsagePlaces {
  /** Control groups that hold the run's processes and nothing else, of whatever version; '' is none. */
  groups: string[];
  /** The processes of the run. Asked for only where the groups do not tell. */
  pids(): Promise<number[]>;
}

type Amounts = Pick<Usage, 'cpuNanoseconds' | 'memoryBytes'>;

/**
 * Returns what the processes of a run have used: by control groups of version 2 or 1 where these count it, else by
 * /proc. There the time of processes that have ended counts only as far as another of the run has waited for them.
 * Undefined where neither tells.
 */
export async function usageOf({ groups, pids }: UsagePlaces): Promise<Amounts | undefined> {
  const places = groups.filter(Boolean);
  const cpu = firstOf(places, cpuOf);
  const memory = firstOf(places, workingSetOf);
  if (cpu !== undefined && memory !== undefined) return { cpuNanoseconds: cpu, memoryBytes: memory };
  const processes = (await pids()).flatMap((pid) => processUsage(pid) ?? []);
  if (processes.length === 0) return undefined;
  const sum = (amount: keyof Amounts) => processes.reduce((total, each) => total + each[amount], 0);
  return {
    cpuNanoseconds: cpu ?? sum('cpuNanoseconds'),
    memoryBytes: memory ?? sum('memoryBytes'),
  };
}

/** Returns what this machine uses as a whole; undefined where it does not tell. */
export function machineUsage(now: number): Usage | undefined {
  const [total = ''] = read('/proc/stat').split('\n');
  const [user, nice, system, , , irq, softirq, steal] = total.split(/\s+/).slice(1).map(Number);
  const uptime = Number(read('/proc/uptime').split(' ')[0]);
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(read('/proc/meminfo'))?.[1];
  if (steal === undefined || !uptime || !available) return undefined;
  const ticks = user! + nice! + system! + irq! + softirq!;
  return {
    at: now,
    since: now - uptime * 1000,
    cpuNanoseconds: ticks * tickNanoseconds,
    memoryBytes: totalmem() - Number(available) * 1024,
  };
}

/** CPU time of a control group, in nanoseconds. */
function cpuOf(group: string): number | undefined {
  const unified = /^usage_usec (\d+)$/m.exec(read(join(group, 'cpu.stat')))?.[1];
  if (unified) return Number(unified) * 1000;
  return numberIn(join(group, 'cpuacct.usage'));
}

/** As kubelet reckons it: what is used, without the file cache that has not been needed for long. */
function workingSetOf(group: string): number | undefined {
  const statistics = read(join(group, 'memory.stat'));
  const unified = numberIn(join(group, 'memory.current'));
  const used = unified ?? numberIn(join(group, 'memory.usage_in_bytes'));
  if (used === undefined) return undefined;
  const name = unified === undefined ? 'total_inactive_file' : 'inactive_file';
  const inactive = new RegExp(`^${name} (\\d+)$`, 'm').exec(statistics)?.[1];
  return Math.max(0, used - Number(inactive ?? 0));
}

/** The kernel's unit in /proc for programs: a hundredth of a second on every platform that Node runs on. */
const tickNanoseconds = 10_000_000;

function processUsage(pid: number): Amounts | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name stands in parentheses and may hold anything; utime is the 14th field, the state the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const times = fields.slice(11, 15).map(Number);
  if (times.length < 4 || fields[0] === 'Z') return undefined;
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  const ticks = times.reduce((sum, time) => sum + time, 0);
  return { cpuNanoseconds: ticks * tickNanoseconds, memoryBytes: Number(kibibytes ?? 0) * 1024 };
}

function firstOf(places: string[], look: (group: string) => number | undefined): number | undefined {
  for (const place of places) {
    const found = look(place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function numberIn(file: string): number | undefined {
  const text = read(file).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
