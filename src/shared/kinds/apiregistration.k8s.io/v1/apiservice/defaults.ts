import type { Rules } from '../../../schema/defaultRules.ts';

export const apiServiceDefaults: Rules = {
  ApiregistrationV1ServiceReference: { fields: { port: 443 } },
};
