import type { IPAddress, Service } from '../../../shared/kinds/schema/types.ts';

const managedBy = 'ipaddress.kubernetes.io/managed-by';
const allocator = 'ipallocator.k8s.io';

/** Returns whether the object stands for what a Service has, and not for what somebody keeps for something else. */
export const isOfServices = ({ metadata }: IPAddress): boolean => metadata.labels?.[managedBy] === allocator;

/** The addresses that a Service has. */
export const addressesOf = ({ spec }: Service): string[] =>
  (spec?.clusterIPs ?? []).filter((address) => address && address !== 'None');

/** Describes what has to happen to the object of one address. */
export type Step = { is: 'create'; object: IPAddress } | { is: 'delete' | 'recreate'; object: IPAddress };

/**
 * Returns what has to happen so that an address has an object exactly while the Service has it. Objects that others
 * made are left alone. `parent` names the Service that the work is about.
 */
export function plan(
  address: string,
  parent: { namespace: string; name: string },
  service: Service | undefined,
  there: IPAddress | undefined,
): Step | undefined {
  const has = service !== undefined && addressesOf(service).includes(address);
  const wanted = objectFor(address, parent);
  if (!there) return has ? { is: 'create', object: wanted } : undefined;
  const { namespace, name } = there.spec?.parentRef ?? {};
  const isItsOwn = namespace === parent.namespace && name === parent.name;
  if (!isOfServices(there) || there.metadata.deletionTimestamp) return undefined;
  if (has) return isItsOwn ? undefined : { is: 'recreate', object: wanted };
  return isItsOwn ? { is: 'delete', object: there } : undefined;
}

const objectFor = (address: string, { namespace, name }: { namespace: string; name: string }): IPAddress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IPAddress',
  metadata: {
    name: address,
    labels: {
      'ipaddress.kubernetes.io/ip-family': address.includes(':') ? 'IPv6' : 'IPv4',
      [managedBy]: allocator,
    },
  },
  spec: { parentRef: { group: '', resource: 'services', namespace, name } },
});
