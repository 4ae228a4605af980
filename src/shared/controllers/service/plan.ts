import type { EndpointSlice, Service } from '../../kinds/schema/types.ts';
import type { ServiceEndpoint } from '../../ports/cloud.ts';

export const finalizer = 'service.kubernetes.io/load-balancer-cleanup';
export const isBalanced = ({ spec }: Service): boolean => spec?.type === 'LoadBalancer';

/** Endpoints to route to: ready ones, and draining ones that still serve. */
export const endpointsOf = (slices: EndpointSlice[]): ServiceEndpoint[] =>
  slices.flatMap(({ endpoints, ports }) =>
    (endpoints ?? []).flatMap(({ addresses, conditions }) =>
      conditions?.ready || (conditions?.serving && conditions.terminating)
        ? (ports ?? []).flatMap(({ name = '', port, protocol = 'TCP' }) =>
            port === undefined
              ? []
              : addresses.map((address) => ({
                  portName: name,
                  address,
                  port,
                  protocol,
                  ready: conditions.ready === true,
                })),
          )
        : [],
    ),
  );
