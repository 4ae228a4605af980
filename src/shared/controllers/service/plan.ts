import type { EndpointSlice, Service } from '../../kinds/schema/types.ts';
import type { ServiceEndpoint } from '../../ports/cloud.ts';
import { isBalancedHere } from '../../ports/loadBalancers.ts';

/** Keeps a Service until its load balancer is gone. The name is that of Kubernetes' own service controller. */
export const finalizer = 'service.kubernetes.io/load-balancer-cleanup';
/** Returns whether somebody else makes the Service's load balancer, and says so in its status. */
export const isOthers = (service: Service, classes: readonly string[] | undefined): boolean =>
  service.spec?.type === 'LoadBalancer' && !isBalancedHere(service, classes);

/**
 * Endpoints to route to: ready ones, draining ones that still serve, and those of Pods (by UID) that become ready once
 * they are routed to.
 */
export const endpointsOf = (
  slices: EndpointSlice[],
  waiting: ReadonlySet<string> = none,
): ServiceEndpoint[] =>
  slices.flatMap(({ endpoints, ports }) =>
    (endpoints ?? []).flatMap(({ addresses, conditions, nodeName, targetRef }) => {
      const ready = conditions?.ready || waiting.has(targetRef?.uid ?? '');
      return ready || (conditions?.serving && conditions.terminating)
        ? (ports ?? []).flatMap(({ name = '', port, protocol = 'TCP' }) =>
            port === undefined
              ? []
              : addresses.map((address) => ({
                  portName: name,
                  address,
                  port,
                  protocol,
                  ready,
                  ...(nodeName && { nodeName }),
                  ...(!ready && { lastResort: true }),
                  ...(ready && conditions?.terminating && { isGoing: true }),
                })),
          )
        : [];
    }),
  );

const none: ReadonlySet<string> = new Set();
