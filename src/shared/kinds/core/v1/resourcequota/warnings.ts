import { compareQuantities } from '../../../../meta/quantity.ts';
import type { ResourceQuota } from '../../../schema/types.ts';

const compared = ['cpu', 'memory', 'storage', 'ephemeral-storage'];

/** Requests that may be more than the limits, when the quota is made. */
export function warnings({ spec }: ResourceQuota, old?: ResourceQuota): string[] {
  const hard = spec?.hard ?? {};
  if (old) return [];
  return compared.flatMap((name) => {
    const isBare = hard[`requests.${name}`] === undefined && (name === 'cpu' || name === 'memory');
    const requested = isBare ? name : `requests.${name}`;
    const [request, limit] = [hard[requested], hard[`limits.${name}`]];
    if (request === undefined || limit === undefined || compareQuantities(request, limit) <= 0) return [];
    return [`ResourceQuota ${requested} (${request}) should be less than limits.${name} (${limit})`];
  });
}
