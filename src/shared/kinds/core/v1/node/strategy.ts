import type { Node } from '../../../schema/types.ts';
import { legacyCidrWarnings } from '../../../validation/legacyIP.ts';

/** Two fields for one thing: the older wins, and the newer may say more. */
export function prepareForCreate({ spec }: Node): void {
  if (!spec) return;
  const { podCIDR, podCIDRs } = spec;
  if (podCIDR && podCIDR !== podCIDRs?.[0]) spec.podCIDRs = [podCIDR];
  else if (podCIDRs?.[0]) spec.podCIDR = podCIDRs[0];
}

/** Returns what a client is warned of when it writes a Node. */
export function warnings({ spec }: Node): string[] {
  const cidrs = spec?.podCIDRs ?? [];
  return [
    ...(spec?.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...cidrs.flatMap((cidr, i) => legacyCidrWarnings(`spec.podCIDRs[${i}]`, cidr)),
  ];
}
