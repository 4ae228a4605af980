import type { ExactDeviceRequest, ResourceV1ResourceClaim } from '../../../schema/types.ts';
import { type Amounts, addTo, raiseTo } from '../amounts.ts';

const count = 'count/resourceclaims.resource.k8s.io';
const ofClass = '.deviceclass.resource.k8s.io/devices';
/** Is the most that one claim may be given: the worst case of one that wants all devices. */
const mostDevices = 32;

/** Returns whether claims to devices use what a quota calls so. */
export const countsForDevices = (name: string): boolean => name === count || name.endsWith(ofClass);

/** Itself and the devices of each class; of alternatives, of each class the most. */
export function deviceUsage({ spec }: ResourceV1ResourceClaim): Amounts {
  const usage: Amounts = { [count]: '1' };
  for (const { exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
    const most: Amounts = {};
    for (const alternative of firstAvailable) raiseTo(most, wantedBy(alternative));
    addTo(usage, firstAvailable.length || !exactly ? most : wantedBy(exactly));
  }
  return usage;
}

const wantedBy = ({
  deviceClassName,
  allocationMode,
  count: wanted = 0,
}: Pick<ExactDeviceRequest, 'deviceClassName' | 'allocationMode' | 'count'>): Amounts => ({
  [`${deviceClassName}${ofClass}`]: `${allocationMode === 'All' ? mostDevices : wanted}`,
});
