import type { Ingress } from '../../../shared/kinds/schema/types.ts';
import { fingerprint } from '../loadBalancers/names.ts';

/** Returns an Ingress's namespace and name: `namespace/name`. */
export const labelOf = ({ metadata: { namespace, name } }: Ingress): string => `${namespace}/${name}`;

/** Says of a target group which port of which Service of which Ingress it is for: a hash, since names may be too long. */
export const backendTag = 'shallop.dev/backend';
/** Says likewise of a target group by which requests come that wait. */
export const waitingTag = 'shallop.dev/waiting';
export const backendHash = (ingress: string, service: string, port: string | number): string =>
  fingerprint([ingress, service, port]);

/** How long a load balancer waits for an answer where a Service may sleep, unless an Ingress says otherwise. */
export const usualIdleSeconds = '180';
