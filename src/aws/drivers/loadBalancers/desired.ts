import type { Cause } from '../../../shared/errors/apiError.ts';
import { invalid } from '../../../shared/errors/common.ts';
import type { Service, ServicePort } from '../../../shared/kinds/schema/types.ts';
import type { ServiceEndpoint, ServiceRef } from '../../../shared/ports/cloud.ts';
import { tags } from '../tags.ts';
import { fingerprint, loadBalancerName, serviceHash, sharedName, targetGroupName } from './names.ts';
import { type Settings, settingsOf } from './settings.ts';
import type { ListenerSpec, Protocol, Rule, Stack, TargetGroupSpec } from './stack.ts';

/** The deployment that load balancers belong to. */
export interface Owner {
  /** Name of the deployment. */
  deployment: string;
  vpc: string;
}

/** Describes where load balancers of a deployment stand. */
export interface Place extends Owner {
  subnets: string[];
  /** On every load balancer; the Pods' security group lets it in. Has no rules for clients itself. */
  securityGroup: string;
}

/** Further tags of ours. */
export const settingsTag = 'shallop.dev/settings';
export const sharedTag = 'shallop.dev/shared-lb';
/** Kind of the object that something was made for; absent: Service. */
export const kindTag = 'shallop.dev/kind';

/** A listener with its targets before names. */
interface Route {
  port: number;
  protocol: Protocol;
  backend: Protocol;
  endpoints: ServiceEndpoint[];
}

/**
 * Returns what a LoadBalancer Service wants. Pure. Throws Invalid when it cannot be had, naming the field or
 * annotation.
 */
export function desiredStack(
  place: Place,
  ref: ServiceRef,
  service: Service,
  endpoints: ServiceEndpoint[],
): Stack {
  const settings = settingsOf(service);
  const { scheme, shared } = settings;
  const owner = serviceHash(place.deployment, ref);
  const name = shared
    ? sharedName(place.deployment, ref.cluster, shared, scheme)
    : (settings.name ?? loadBalancerName(place.deployment, ref, scheme));
  const own = {
    ...settings.tags,
    [tags.deployment]: place.deployment,
    [tags.cluster]: ref.cluster,
  };
  const whose = { [tags.namespace]: ref.namespace, [tags.name]: ref.name, [tags.uid]: ref.uid };
  const routes = routesOf(service, settings, endpoints);
  const extraCertificates = settings.certificates.slice(1);
  return {
    loadBalancer: {
      name,
      type: 'network',
      scheme,
      subnets: settings.subnets.length > 0 ? settings.subnets : place.subnets,
      allocations: settings.allocations,
      securityGroups: [place.securityGroup, ...settings.securityGroups],
      attributes: settings.attributes,
      tags: {
        ...own,
        ...(shared ? { [sharedTag]: shared } : whose),
        [settingsTag]: fingerprint([settings.attributes, extraCertificates]),
      },
    },
    targetGroups: routes.map((route): TargetGroupSpec => {
      const attributes = attributesOf(settings, route.backend);
      return {
        name: targetGroupName(owner, route.port, route.backend, name),
        protocol: route.backend,
        port: route.port,
        health: settings.health,
        attributes,
        tags: { ...own, ...whose, [settingsTag]: fingerprint(attributes) },
        targets: targetsOf(route.endpoints),
      };
    }),
    listeners: routes.map(
      (route): ListenerSpec => ({
        port: route.port,
        protocol: route.protocol,
        certificates: route.protocol === 'TLS' ? settings.certificates : [],
        ...(route.protocol === 'TLS' && { sslPolicy: settings.sslPolicy }),
        targetGroup: targetGroupName(owner, route.port, route.backend, name),
      }),
    ),
    ...(settings.securityGroups.length === 0 && { rules: rulesOf(routes, settings.sourceRanges, owner) }),
  };
}

/** Datagrams keep the client's address whatever is said, and to say that they do not is refused. */
const attributesOf = (
  { keepsClientAddress, targetGroupAttributes }: Settings,
  backend: Protocol,
): Record<string, string> => ({
  ...(!backend.includes('UDP') && { 'preserve_client_ip.enabled': String(keepsClientAddress) }),
  ...targetGroupAttributes,
});

/** One listener per port number; the same number for TCP and UDP is one for both. */
function routesOf(service: Service, settings: Settings, endpoints: ServiceEndpoint[]): Route[] {
  const causes: Cause[] = [];
  const routes = new Map<number, Route & { target: string }>();
  for (const [i, port] of (service.spec?.ports ?? []).entries()) {
    const protocol = port.protocol ?? 'TCP';
    const field = `spec.ports[${i}].protocol`;
    if (protocol === 'SCTP') {
      causes.push(unsupported(field, 'a network load balancer carries TCP and UDP only'));
      continue;
    }
    const tls = protocol === 'TCP' && settings.certificates.length > 0 && hasTls(port, settings.sslPorts);
    if (tls && settings.targetGroupAttributes['stickiness.enabled'] === 'true')
      causes.push(
        unsupported('spec.sessionAffinity', `port ${port.port} has TLS, where no load balancer is sticky`),
      );
    const target = String(port.targetPort || port.port);
    const mine = endpoints.filter(
      (e) => e.ready && e.portName === (port.name ?? '') && e.protocol === protocol,
    );
    const other = routes.get(port.port);
    if (!other) {
      const backend = tls && settings.backendTls ? 'TLS' : protocol;
      routes.set(port.port, {
        port: port.port,
        protocol: tls ? 'TLS' : protocol,
        backend,
        endpoints: mine,
        target,
      });
    } else if (tls || other.protocol === 'TLS' || other.target !== target) {
      causes.push(unsupported(field, 'TCP and UDP on one port need the same targetPort and no TLS'));
    } else {
      other.protocol = other.backend = 'TCP_UDP';
      other.endpoints = [...other.endpoints, ...mine];
    }
  }
  if (causes.length > 0) throw invalid('Service', '', service.metadata.name ?? '', causes);
  return [...routes.values()];
}

const hasTls = ({ name, port }: ServicePort, sslPorts: string[]) =>
  sslPorts.some((wanted) => wanted === '*' || wanted === name || wanted === String(port));

const unsupported = (field: string, message: string): Cause => ({
  reason: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${message}`,
});

const targetsOf = (endpoints: ServiceEndpoint[]) => [
  ...new Map(endpoints.map(({ address, port }) => [`${address} ${port}`, { address, port }])).values(),
];

const rulesOf = (routes: Route[], ranges: string[], owner: string): Rule[] =>
  routes.flatMap(({ port, protocol }) =>
    (protocol === 'UDP'
      ? ['udp' as const]
      : protocol === 'TCP_UDP'
        ? ['tcp' as const, 'udp' as const]
        : ['tcp' as const]
    ).flatMap((transport) => ranges.map((cidr) => ({ protocol: transport, port, cidr, description: owner }))),
  );
