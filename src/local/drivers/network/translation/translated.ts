import type { Service } from '../../../../shared/kinds/schema/types.ts';
import type { ServiceEndpoint } from '../../../../shared/ports/cloud.ts';
import { fixedDoors } from '../doors.ts';

/** Where something answers. */
export interface End {
  address: string;
  port: number;
}

/** A port of a Service whose connections the kernel of a Pod leads to the Service's Pods. */
export interface TranslatedPort {
  /** Is what clients connect to. */
  at: End;
  /** In the order in which they are listed. Empty: what comes is dropped. */
  to: readonly End[];
  /** For how many seconds a client stays with an endpoint. Absent: each connection goes to any of them. */
  affinitySeconds?: number;
}

/** Is what of a Service decides how it is translated. */
export interface Translatable {
  service: Service;
  endpoints: readonly ServiceEndpoint[];
}

/** Describes which endpoints can be led to. */
export interface Reachable {
  /** Returns whether Pods reach an address directly, by the same name. */
  isNear(address: string): boolean;
  /** Addresses of Pods that are about to end. */
  leaving: ReadonlySet<string>;
  /** The Node of the client; empty where that is not known. */
  node: string;
}

/**
 * Returns what is translated of a Service: TCP on its cluster IPs. Left to the proxy are ports without endpoints, which have
 * to be refused; those with an endpoint outside the network of Pods; and UDP, whose clients would be led to
 * endpoints that are gone for as long as they go on to speak. Who is going is used while nobody else is ready, and with
 * `internalTrafficPolicy: Local` nobody of another Node, as with kube-proxy.
 */
export function translatedPorts(
  { service, endpoints }: Translatable,
  { isNear, leaving, node }: Reachable,
): TranslatedPort[] {
  const { sessionAffinity, sessionAffinityConfig, internalTrafficPolicy } = service.spec ?? {};
  const isLocal = internalTrafficPolicy === 'Local' && node !== '';
  const affinitySeconds =
    sessionAffinity === 'ClientIP' ? (sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) : undefined;
  const doors = fixedDoors(service, []).filter(({ protocol }) => protocol === 'TCP');
  return doors.flatMap(({ address, port, portName }) => {
    // Who asks for a Pod wants that Pod, whatever address a Service says it has.
    if (isNear(address)) return [];
    const listed = endpoints.filter((each) => each.portName === portName && each.protocol === 'TCP');
    if (listed.length === 0) return [];
    const near = isLocal ? listed.filter((each) => each.nodeName === node) : listed;
    const ready = near.filter((each) => each.ready);
    const staying = ready.filter((each) => !leaving.has(each.address));
    const going = near.filter((each) => each.lastResort);
    const usable = [staying, ready, going].find(({ length }) => length > 0) ?? [];
    if (!usable.every((each) => isNear(each.address))) return [];
    const to = usable.map((each) => ({ address: each.address, port: each.port }));
    return [{ at: { address, port }, to, ...(affinitySeconds !== undefined && { affinitySeconds }) }];
  });
}
