import type { Check } from '../check.ts';
import { statusOf } from './bootstrap.ts';

/** What stands there under the name that is meant. */
export const stack: Check = {
  name: 'name',
  look: async ({ deployment }) => {
    const status = await statusOf(`shallop-${deployment}`);
    if (!status) return { verdict: 'good', says: `nothing is called shallop-${deployment}` };
    if (/^(ROLLBACK|DELETE)_(COMPLETE|FAILED)$/.test(status))
      return {
        verdict: 'stops',
        says: `the stack shallop-${deployment} is ${status}`,
        remedy: `npm run destroy -- -c name=${deployment}, or another name`,
      };
    return { verdict: 'good', says: `shallop-${deployment} is there (${status}), and would be updated` };
  },
};
