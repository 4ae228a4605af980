import { compareQuantities, parseQuantity } from '../../../../meta/quantity.ts';
import { formatOf, quantityText } from '../../../schema/quantity.ts';
import type { PersistentVolumeClaim } from '../../../schema/types.ts';
import type { Amounts } from '../amounts.ts';

const names = ['persistentvolumeclaims', 'requests.storage'];
const count = 'count/persistentvolumeclaims';
const ofClass = '.storageclass.storage.k8s.io/';

/** Returns whether claims use what a quota calls so. */
export const countsForClaims = (name: string): boolean =>
  name === count || names.includes(name) || names.some((each) => name.endsWith(`${ofClass}${each}`));

/** Itself and what it asks for, once for all classes and once for its own. */
export function claimUsage(claim: PersistentVolumeClaim): Amounts {
  const usage: Amounts = { [count]: '1', persistentvolumeclaims: '1' };
  const storage = storageOf(claim);
  const className =
    claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? claim.spec?.storageClassName;
  if (storage !== undefined) usage['requests.storage'] = storage;
  if (!className) return usage;
  usage[`${className}${ofClass}persistentvolumeclaims`] = '1';
  if (storage !== undefined) usage[`${className}${ofClass}requests.storage`] = storage;
  return usage;
}

/** Returns what it asks for, or has been given already where that is more, in whole bytes. */
function storageOf({ spec, status }: PersistentVolumeClaim): string | undefined {
  const wanted = spec?.resources?.requests?.storage;
  const given = status?.allocatedResources?.storage;
  if (wanted === undefined) return undefined;
  return whole(given !== undefined && compareQuantities(given, wanted) > 0 ? given : wanted);
}

const nano = 1_000_000_000n;

function whole(amount: string): string {
  const nanos = parseQuantity(amount) ?? 0n;
  return nanos % nano === 0n ? amount : quantityText((nanos / nano + 1n) * nano, formatOf(amount));
}
