import type { AnyObject } from '../../../../meta/object.ts';
import { ownValue } from '../../../../meta/table.ts';
import type { Container, Pod } from '../../../schema/types.ts';
import type { Amounts } from '../amounts.ts';
import { amountsWithOverhead, hasOwnResources } from '../pod/amounts.ts';
import { isHugePages } from '../pod/validate/resources.ts';
import { isExtended, isHugePagesQuota, ofCompute } from './names.ts';

const native = ['cpu', 'memory', 'ephemeral-storage'];
const names = new Set([
  'count/pods',
  'pods',
  ...native.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);
const ofDevices = 'requests.deviceclass.resource.kubernetes.io/';

/** Returns whether Pods use what a quota calls so. */
export const countsForPods = (name: string): boolean =>
  names.has(name) ||
  isHugePagesQuota(name) ||
  name.startsWith(ofDevices) ||
  (name.startsWith('requests.') && name.includes('/') && !name.includes('kubernetes.io/'));

/** Every Pod that is stored counts as one; what it asks for, only while it may still run. */
export function podUsage(object: AnyObject, now: number): Amounts {
  const pod = object as unknown as Pod;
  if (!usesQuota(pod, now) || !pod.spec) return { 'count/pods': '1' };
  const { spec } = pod;
  return {
    'count/pods': '1',
    ...computed(amountsWithOverhead(spec, 'requests'), amountsWithOverhead(spec, 'limits')),
  };
}

/** Neither ended nor long overdue: a Pod of a lost node must not keep others from running. */
export function usesQuota({ status, metadata }: Pod, now: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds: grace } = metadata;
  if (deletionTimestamp === undefined || grace === undefined) return true;
  return now <= Date.parse(deletionTimestamp) + grace * 1000;
}

function computed(requests: Amounts, limits: Amounts): Amounts {
  const usage: Amounts = { pods: '1' };
  for (const [name, amount] of Object.entries(requests)) {
    const isPlain = native.includes(name) || isHugePages(name);
    if (isPlain) usage[name] = amount;
    if (isPlain || isExtended(name) || `requests.${name}`.startsWith(ofDevices))
      usage[`requests.${name}`] = amount;
  }
  for (const name of native) {
    const limit = ownValue(limits, name);
    if (limit !== undefined) usage[`limits.${name}`] = limit;
  }
  return usage;
}

/** Where a quota is about processors or memory, each container has to say what it takes. */
export function whatPodLacks(object: AnyObject, wanted: string[]): string | undefined {
  const { spec } = object as unknown as Pod;
  if (!spec || hasOwnResources(spec.resources)) return undefined;
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const lacking = [...ofCompute]
    .sort()
    .filter((name) => wanted.includes(name))
    .map((name) => ({ name, of: containers.filter((container) => !says(container, name)) }))
    .filter(({ of }) => of.length)
    .map(
      ({ name, of }) =>
        `${name} for: ${of
          .map((container) => container.name)
          .sort()
          .join(',')}`,
    );
  return lacking.length ? `must specify ${lacking.join('; ')}` : undefined;
}

const says = ({ resources }: Container, name: string): boolean =>
  Object.hasOwn(computed(resources?.requests ?? {}, resources?.limits ?? {}), name);
