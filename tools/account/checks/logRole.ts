import { makesGatewayRole } from '../../gatewayRole.ts';
import type { Check } from '../check.ts';

/** Who owns the account's one role for logs of API Gateway. */
export const logRole: Check = {
  name: 'log role of API Gateway',
  look: async ({ deployment }) => {
    const makes = await makesGatewayRole(deployment);
    if (makes === undefined) throw new Error('API Gateway does not say it');
    if (!makes) return { verdict: 'good', says: 'the account has one, which is left alone' };
    return {
      verdict: 'good',
      says: 'this deployment will make it: destroy it last, or deploy another one again after it',
    };
  },
};
