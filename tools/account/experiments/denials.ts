import type { Experiment } from '../experiment.ts';
import { functions, linesOf } from '../reports.ts';

/** What the roles of functions lack: comes after the experiments that use them. */
export const denials: Experiment = {
  name: 'denials',
  question: 'Was any function refused something by IAM or KMS?',
  emulatorLacks: 'allows everything',
  run: async ({ name, since }) => {
    const found: string[] = [];
    for (const each of functions)
      for (const line of await linesOf(name, each, since, '?AccessDenied ?"not authorized"'))
        found.push(
          `${each}: ${/(AccessDenied|not authorized)[^"]{0,200}/.exec(line)?.[0] ?? line.slice(0, 200)}`,
        );
    const different = [...new Set(found)];
    if (!different.length) return { judgement: 'holds', says: 'none was' };
    return { judgement: 'differs', says: different.slice(0, 10).join('; ') };
  },
};
