import type { EndpointSlice, Service } from '../../kinds/schema/types.ts';
import type { NameRecord } from '../../ports/cloud.ts';
import { addresses, external, targetsOf } from './plan.ts';

/**
 * The records of a Service as Kubernetes' DNS specification has them: its name leads to its cluster IPs, that of a
 * headless one to its ready Pods, each of which has a name below it. Pure; the same for endpoints in any order.
 */
export function clusterRecordsOf({ metadata, spec = {} }: Service, slices: EndpointSlice[]): NameRecord[] {
  const apex = `${metadata.name}.${metadata.namespace}.svc`;
  if (spec.type === 'ExternalName') return external(apex, spec.externalName);
  if (spec.clusterIP === 'None') return headless(apex, slices);
  const ips = (spec.clusterIPs ?? [spec.clusterIP ?? '']).filter(Boolean);
  const targets = ips.map((address) => ({ address, type: typeOf(address) }));
  const ports = (spec.ports ?? []).map(({ name = '', protocol = 'TCP', port }) => ({
    ...{ name, protocol, port },
    goal: apex,
  }));
  return [...addresses(apex, targets, Infinity), ...services(apex, ports)];
}

function headless(apex: string, slices: EndpointSlice[]): NameRecord[] {
  const targets = slices.flatMap(targetsOf).sort((a, b) => (a.address < b.address ? -1 : 1));
  const byLabel = Map.groupBy(targets, ({ label }) => label);
  const ports = targets.flatMap((target) =>
    target.ports.map((port) => ({ ...port, goal: `${target.label}.${apex}` })),
  );
  return [
    ...addresses(apex, targets, Infinity),
    ...[...byLabel].flatMap(([label, some]) => addresses(`${label}.${apex}`, some, Infinity)),
    ...services(apex, ports),
  ];
}

interface Goal {
  name: string;
  protocol: string;
  port: number;
  goal: string;
}

/** Ports without a name have no record. */
function services(apex: string, goals: Goal[]): NameRecord[] {
  const named = goals.filter(({ name }) => name);
  const byName = Map.groupBy(named, ({ name, protocol }) => `_${name}._${protocol.toLowerCase()}.${apex}`);
  return [...byName].map(([name, some]) => {
    const weight = Math.max(1, Math.floor(100 / some.length));
    const values = [...new Set(some.map(({ port, goal }) => `0 ${weight} ${port} ${goal}`))];
    return { name, type: 'SRV', values };
  });
}

const typeOf = (address: string): 'A' | 'AAAA' => (address.includes(':') ? 'AAAA' : 'A');
