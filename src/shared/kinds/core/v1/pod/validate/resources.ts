import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { qualifiedNameProblems } from '../../../../../meta/names.ts';
import { compareQuantities, parseQuantity } from '../../../../../meta/quantity.ts';
import { ownValue } from '../../../../../meta/table.ts';
import type { ContainerResizePolicy, ResourceRequirements } from '../../../../schema/types.ts';
import { duplicate, forbidden, invalidValue, required } from '../../../../validation/causes.ts';
import { checked, oneOf } from '../../../../validation/rules.ts';
import { validClaimNames } from './claims.ts';

const forContainers = ['cpu', 'memory', 'ephemeral-storage'];
/** Names without a domain that mean something elsewhere, as in quotas. */
const standard = [
  ...forContainers,
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
  'storage',
  'requests.storage',
];
/** Returns whether the resource is huge pages of some size; requests for them have to equal the limits. */
export const isHugePages = (name: string) => name.startsWith('hugepages-');
/** Returns whether Kubernetes itself knows what it is an amount of. */
export const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');
/** Returns whether more of it may be promised than there is. */
export const isDivisible = (name: string) => isNative(name) && !isHugePages(name);

/** @param claims names of the Pod's claims of devices, sorted. */
export function validResources(
  field: string,
  resources: ResourceRequirements = {},
  claims: string[] = [],
  validName = validContainerName,
): Cause[] {
  const { limits = {}, requests = {} } = resources;
  const causes: Cause[] = [];
  for (const [name, amount] of Object.entries(limits)) {
    addAll(causes, validAmount(`${field}.limits[${name}]`, name, amount, validName));
  }
  for (const [name, amount] of Object.entries(requests)) {
    const at = `${field}.requests[${name}]`;
    addAll(causes, validName(at, name), validQuantity(at, name, amount));
    addAll(causes, withinLimit(field, name, amount, ownValue(limits, name)), wholePages(at, name, amount));
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    causes.push(forbidden(field, 'HugePages require cpu or memory'));
  }
  if (resources.claims) addAll(causes, validClaimNames(`${field}.claims`, resources.claims, claims));
  return causes;
}

function withinLimit(field: string, name: string, amount: string, limit: string | undefined): Cause[] {
  const at = `${field}.requests`;
  if (limit === undefined) {
    if (isDivisible(name)) return [];
    return [required(`${field}.limits`, 'Limit must be set for non overcommitable resources')];
  }
  const difference = compareQuantities(amount, limit);
  if (difference !== 0 && !isDivisible(name)) {
    return [invalidValue(at, amount, `must be equal to ${name} limit of ${limit}`)];
  }
  return difference > 0
    ? [invalidValue(at, amount, `must be less than or equal to ${name} limit of ${limit}`)]
    : [];
}

type NameRule = (field: string, name: string) => Cause[];

const validAmount = (field: string, name: string, amount: string, validName: NameRule): Cause[] => [
  ...validName(field, name),
  ...validQuantity(field, name, amount),
  ...wholePages(field, name, amount),
];

const milli = 1_000_000n;

function validQuantity(field: string, name: string, amount: string): Cause[] {
  const nanos = parseQuantity(amount) ?? 0n;
  const causes: Cause[] = [];
  if (nanos < 0n) causes.push(invalidValue(field, amount, 'must be greater than or equal to 0'));
  const isWhole = (nanos / milli) % 1000n === 0n;
  if (!isNative(name) && !isWhole) causes.push(invalidValue(field, amount, 'must be an integer'));
  return causes;
}

/** `hugepages-2Mi: 3Mi` is one page and a half. */
function wholePages(field: string, name: string, amount: string): Cause[] {
  if (!isHugePages(name)) return [];
  const page = parseQuantity(name.slice('hugepages-'.length)) ?? 0n;
  const nanos = parseQuantity(amount) ?? 0n;
  if (page > 0n && nanos > 0n && nanos % page === 0n) return [];
  return [invalidValue(field, amount, `${amount} is not positive integer multiple of ${name}`)];
}

const isStandard = (name: string) =>
  standard.includes(name) || isHugePages(name) || isHugePages(name.replace(/^requests\./, ''));

/** Checks what a container, a quota or a limit may name. */
export function validResourceName(field: string, name: string): Cause[] {
  const causes = checked(field, name, qualifiedNameProblems);
  if (causes.length === 0 && !name.includes('/') && !isStandard(name)) {
    causes.push(invalidValue(field, name, 'must be a standard resource type or fully qualified'));
  }
  return causes;
}

/** Checks what a container may ask for. */
export function validContainerName(field: string, name: string): Cause[] {
  const causes = validResourceName(field, name);
  if (!name.includes('/')) {
    if (!forContainers.includes(name) && !isHugePages(name)) {
      causes.push(invalidValue(field, name, 'must be a standard resource for containers'));
    }
  } else if (!isNative(name) && name.startsWith('requests.')) {
    causes.push(invalidValue(field, name, "doesn't follow extended resource name standard"));
  }
  return causes;
}

/** Findings stand at the list, as Kubernetes has it. */
export function validResizePolicy(
  field: string,
  policies: ContainerResizePolicy[],
  restartPolicy: string | undefined,
): Cause[] {
  const seen = new Set<string>();
  return policies.flatMap(({ resourceName, restartPolicy: policy }, i) => {
    const causes = seen.has(resourceName) ? [duplicate(`${field}[${i}]`, resourceName)] : [];
    seen.add(resourceName);
    addAll(causes, oneOf(field, resourceName, ['cpu', 'memory']));
    addAll(causes, oneOf(field, policy, ['NotRequired', 'RestartContainer']));
    if (restartPolicy === 'Never' && policy !== 'NotRequired') {
      causes.push(invalidValue(field, policy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
    return causes;
  });
}
