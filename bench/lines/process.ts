import { readFileSync } from 'node:fs';
import type { Figure } from '../bench.ts';
import { pause } from '../load.ts';

const ticksPerSecond = 100;

/** Resident memory of a process in MiB (Linux); `RssFile` is the part that are pages of files, its code included. */
export const residentMiB = (pid: number, part: 'VmRSS' | 'RssFile' = 'VmRSS'): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`${part}:\\s+(\\d+)`).exec(status)![1]) / 1024);
};

/** What a process has used so far (Linux). */
export const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

/** What the control plane takes while nothing happens, over `seconds`. */
export async function idle(pid: number, seconds: number): Promise<Figure[]> {
  await pause(3000);
  const before = cpuSeconds(pid);
  await pause(seconds * 1000);
  const percent = ((cpuSeconds(pid) - before) / seconds) * 100;
  return [
    { what: 'RSS idle', measured: residentMiB(pid), unit: 'MiB', reference: 302, goal: { atMost: 100 } },
    {
      what: 'idle CPU',
      measured: Number(percent.toFixed(2)),
      unit: '% of a core',
      reference: 1.2,
      goal: { atMost: 0.2 },
    },
  ];
}
