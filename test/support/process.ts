import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Resident memory of a process in MiB (Linux); `RssFile` is the part that are pages of files, its code included. */
export const residentMiB = (pid: number, part: 'VmRSS' | 'RssFile' = 'VmRSS'): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`${part}:\\s+(\\d+)`).exec(status)![1]) / 1024);
};

/** Seconds of a core that a process has used (Linux). */
export const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Changes the soft limit of a running process, as prlimit names it: `fsize`, `nofile`. */
export const limit = (pid: number, resource: string, value: number | 'unlimited'): void => {
  execFileSync('prlimit', ['--pid', String(pid), `--${resource}=${value}:`]);
};
