import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Check } from '../check.ts';

/** Roles that services work with. The first call of each makes its own, with the right to do so. */
const serviceRole = (service: string, RoleName: string, remedy: string): Check => ({
  name: `role of ${service}`,
  look: async () => {
    try {
      await new IAMClient({}).send(new GetRoleCommand({ RoleName }));
      return { verdict: 'good', says: `${RoleName} is there` };
    } catch (error) {
      if ((error as Error).name !== 'NoSuchEntityException') throw error;
      return { verdict: 'warns', says: `${RoleName} is not there yet`, remedy };
    }
  },
});

export const serviceRoles: readonly Check[] = [
  serviceRole('ECS', 'AWSServiceRoleForECS', '`npm run deploy` makes it, if you may'),
  serviceRole(
    'load balancing',
    'AWSServiceRoleForElasticLoadBalancing',
    'the first LoadBalancer Service makes it: the function has the right',
  ),
];
