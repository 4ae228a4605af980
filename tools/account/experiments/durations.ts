import type { Experiment } from '../experiment.ts';
import { functions, percentile, reportsOf } from '../reports.ts';

/** How long functions really take, and how much memory. */
export const durations: Experiment = {
  name: 'durations',
  question: 'How long do functions take, and how much memory do they use?',
  emulatorLacks: 'runs them on this machine',
  run: async ({ name, since }) => {
    const rows: string[] = [];
    for (const each of functions) {
      const reports = await reportsOf(name, each, since);
      if (!reports.length) continue;
      const times = reports.map(({ durationMs }) => durationMs);
      const [p50 = 0, p99 = 0] = [percentile(times, 0.5), percentile(times, 0.99)];
      const memory = Math.max(...reports.map(({ maxMemoryUsedMB }) => maxMemoryUsedMB));
      rows.push(`${each} ${Math.round(p50)}/${Math.round(p99)} ms, ${memory} MB (${reports.length})`);
    }
    if (!rows.length) throw new Error('no reports were found');
    return { judgement: 'measured', says: `p50/p99: ${rows.join('; ')}` };
  },
};
