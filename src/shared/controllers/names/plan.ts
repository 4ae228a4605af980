import type { Endpoint, EndpointSlice, Service } from '../../kinds/schema/types.ts';
import type { NameRecord } from '../../ports/cloud.ts';

/** An answer has to fit where TCP is not asked: a record has no more values, others have to do without those beyond. */
export const maxValues = 100;

/** An address behind the Service with what leads to it. */
export interface Target {
  address: string;
  type: 'A' | 'AAAA';
  /** Below the Service's name: the Pod's hostname, or made from its address as in Kubernetes. */
  label: string;
  hostname?: string;
  ports: { name: string; protocol: string; port: number }[];
}

/**
 * The records of a Service as Kubernetes' DNS specification has them, with one difference: cluster IPs do not route
 * where names are asked for, so that the name of every Service leads to its ready Pods, and a SRV record tells the
 * Pods' port. Pure; the same for the same endpoints in any order.
 */
export function recordsOf(service: Service, slices: EndpointSlice[]): NameRecord[] {
  const { name, namespace } = service.metadata;
  const apex = `${name}.${namespace}.svc`;
  if (service.spec?.type === 'ExternalName') return external(apex, service.spec.externalName);
  const targets = slices.flatMap(targetsOf).sort((a, b) => (a.address < b.address ? -1 : 1));
  const headless = service.spec?.clusterIP === 'None';
  return [
    ...addresses(apex, targets),
    ...(headless ? perTarget(apex, targets) : []),
    ...ports(apex, targets, headless),
  ];
}

/**
 * Ports that a client has to know by another number than the Service's: nothing translates them. A `targetPort` that is a
 * name is what its Pods call by it.
 */
export function untranslatedPorts(
  { spec }: Service,
  slices: EndpointSlice[],
): { port: number; targetPort: string }[] {
  if (spec?.type === 'ExternalName' || spec?.clusterIP === 'None') return [];
  const served = slices.flatMap(({ ports }) => ports ?? []);
  return (spec?.ports ?? []).flatMap(({ name = '', port, targetPort = port }) => {
    const numbers =
      typeof targetPort === 'number'
        ? [targetPort]
        : served.filter((each) => (each.name ?? '') === name).map((each) => each.port);
    return numbers.some((number) => number !== port) ? [{ port, targetPort: String(targetPort) }] : [];
  });
}

/** The record of an ExternalName. */
export const external = (apex: string, name: string | undefined): NameRecord[] =>
  name ? [{ name: apex, type: 'CNAME', values: [`${name.replace(/\.$/, '')}.`] }] : [];

/** Returns what a slice's endpoints are asked for by. */
export function targetsOf({ addressType, endpoints, ports }: EndpointSlice): Target[] {
  if (addressType === 'FQDN') return [];
  return (endpoints ?? []).filter(isServed).flatMap(({ addresses, hostname }) =>
    addresses.map((address) => ({
      address,
      type: addressType === 'IPv6' ? 'AAAA' : 'A',
      label: hostname || address.replace(/[.:]/g, '-'),
      ...(hostname && { hostname }),
      ports: (ports ?? []).flatMap(({ name, port, protocol = 'TCP' }) =>
        name && port ? [{ name, port, protocol }] : [],
      ),
    })),
  );
}

/** `publishNotReadyAddresses` has made its endpoints ready. */
const isServed = ({ conditions }: Endpoint) => conditions?.ready !== false;

/** Records of a name that leads to all of these. */
export const addresses = (
  name: string,
  targets: Pick<Target, 'address' | 'type'>[],
  most = maxValues,
): NameRecord[] =>
  (['A', 'AAAA'] as const).flatMap((type) => {
    const values = unique(targets.filter((t) => t.type === type).map(({ address }) => address));
    return values.length > 0 ? [{ name, type, values: values.slice(0, most) }] : [];
  });

/** Names of single Pods: of those with a hostname, and of all that a SRV record points to. */
function perTarget(apex: string, targets: Target[]): NameRecord[] {
  const named = targets.filter(({ hostname, ports }) => hostname || ports.length > 0);
  return [...Map.groupBy(named, ({ label }) => label)].flatMap(([label, some]) =>
    addresses(`${label}.${apex}`, some),
  );
}

/** Makes SRV records: to each Pod of a headless Service, else to the Service's name, once for each port number. */
function ports(apex: string, targets: Target[], headless: boolean): NameRecord[] {
  const all = targets.flatMap((target) => target.ports.map((port) => ({ ...port, target })));
  const byName = Map.groupBy(all, ({ name, protocol }) => `_${name}._${protocol.toLowerCase()}.${apex}`);
  return [...byName].map(([name, some]) => {
    const goals = unique(
      some.map(({ port, target }) => `${port} ${headless ? `${target.label}.` : ''}${apex}`),
    );
    const kept = goals.slice(0, maxValues);
    const weight = Math.max(1, Math.floor(100 / kept.length));
    return { name, type: 'SRV', values: kept.map((goal) => `0 ${weight} ${goal}`) };
  });
}

const unique = (values: string[]): string[] => [...new Set(values)];
