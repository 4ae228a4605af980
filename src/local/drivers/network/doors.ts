import type { Service, ServicePort } from '../../../shared/kinds/schema/types.ts';

/** Describes where a Service port should answer. */
export interface DoorPlan {
  address: string;
  port: number;
  protocol: string;
  /** The Service port it leads to. */
  portName: string;
  /** `cluster` doors may be missing where the platform does not allow them; the others are owed. */
  purpose: 'cluster' | 'node' | 'balancer';
}

export const doorKey = (door: DoorPlan): string =>
  `${door.protocol} ${door.address}:${door.port} ${door.portName}`;

export const nodeAddress = '127.0.0.1';

const isIPv4 = (address: string) => /^\d+\.\d+\.\d+\.\d+$/.test(address);

/** Labels by which kube-proxy, too, leaves a Service to somebody else. */
const othersServe = ['service.kubernetes.io/service-proxy-name', 'service.kubernetes.io/headless'];

/** The doors on the cluster IPs and node ports. Headless and ExternalName Services have none. */
export function fixedDoors({ metadata, spec = {} }: Service, nodeAddresses = [nodeAddress]): DoorPlan[] {
  if (spec.type === 'ExternalName' || othersServe.some((label) => metadata.labels?.[label] !== undefined))
    return [];
  const clusterIPs = (spec.clusterIPs ?? [spec.clusterIP ?? '']).filter(isIPv4);
  const hasNodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  return (spec.ports ?? []).flatMap((port) => [
    ...clusterIPs.map((address) => door(port, address, port.port, 'cluster')),
    ...(hasNodePorts && port.nodePort ? nodeAddresses : []).map((address) =>
      door(port, address, port.nodePort!, 'node'),
    ),
  ]);
}

/** The doors on a load balancer's own address. */
export const balancerDoors = ({ spec = {} }: Service, address: string): DoorPlan[] =>
  (spec.ports ?? []).map((port) => door(port, address, port.port, 'balancer'));

function door(port: ServicePort, address: string, number: number, purpose: DoorPlan['purpose']): DoorPlan {
  return { address, port: number, protocol: port.protocol ?? 'TCP', portName: port.name ?? '', purpose };
}
