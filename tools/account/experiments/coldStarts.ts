import type { Experiment } from '../experiment.ts';
import { functions, percentile, reportsOf } from '../reports.ts';

const goalMs = 500;

/** What loading the bundles takes. */
export const coldStarts: Experiment = {
  name: 'cold-starts',
  question: `How long does a cold start of each function take? (The goal is ${goalMs} ms.)`,
  emulatorLacks: 'starts functions otherwise',
  run: async ({ name, since }) => {
    const rows: { says: string; worst: number }[] = [];
    for (const each of functions) {
      const inits = (await reportsOf(name, each, since)).flatMap(
        ({ initDurationMs }) => initDurationMs ?? [],
      );
      const p50 = percentile(inits, 0.5);
      if (p50 !== undefined)
        rows.push({ says: `${each} ${Math.round(p50)} ms (${inits.length})`, worst: p50 });
    }
    if (!rows.length) throw new Error('no reports were found');
    const holds = rows.every(({ worst }) => worst <= goalMs);
    return { judgement: holds ? 'holds' : 'differs', says: rows.map(({ says }) => says).join(', ') };
  },
};
