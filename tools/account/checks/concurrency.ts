import { accountConcurrency } from '../../concurrency.ts';
import type { Check } from '../check.ts';

/** Fewer than this hold up a handful of watches. */
const comfortable = 100;

/** How many functions may run at the same time. */
export const concurrency: Check = {
  name: 'concurrency of Lambda',
  look: async ({ deployment }) => {
    const { concurrency: found, reserve } = await accountConcurrency(deployment);
    if (found === undefined) throw new Error('Lambda does not say it');
    const keeps = reserve ? 'controllers will keep theirs' : 'nothing will be reserved for controllers';
    if (found >= comfortable) return { verdict: 'good', says: `${found} at the same time; ${keeps}` };
    return {
      verdict: 'warns',
      says: `${found} at the same time, of which each open watch takes one; ${keeps}`,
      remedy: 'Service Quotas, AWS Lambda, Concurrent executions: ask for 1,000; then deploy again',
    };
  },
};
