import { callerArn } from '../../callerArn.ts';
import type { Check } from '../check.ts';

/** Whose credentials are in use. */
export const credentials: Check = {
  name: 'credentials',
  look: async () => ({ verdict: 'good', says: `${await callerArn()} will be cluster admin` }),
};
