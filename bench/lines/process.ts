import { cpuSeconds, residentMiB } from '../../test/support/process.ts';
import type { Figure } from '../bench.ts';
import { pause } from '../load.ts';

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
