import type { WorkKey } from '../../shared/controllers/controller.ts';
import type { Ingress } from '../../shared/kinds/schema/types.ts';
import { placesOf, refOf } from '../controllers/ingress/group.ts';
import { backendsOf } from '../controllers/ingress/plan.ts';
import { backendHash, labelOf } from '../drivers/ingresses/backendNames.ts';
import { functionTargetGroupName, serviceHash } from '../drivers/loadBalancers/names.ts';

/** A port of a Service as an Ingress leads to it. */
export interface Led {
  /** The Service. */
  key: WorkKey;
  port: string | number;
  ingress: Ingress;
  /** The hash of the load balancer's Ingress, or group, in names. */
  owner: string;
  /** The hash of the port in tags. */
  hash: string;
  /** Name of the target group by which requests come that wait. */
  waitingGroup: string;
}

/** Returns what Ingresses of a logical cluster lead to, at each place where they are or were. Pure. */
export const ledBy = (deployment: string, cluster: string, ingresses: Ingress[]): Led[] =>
  ingresses.flatMap((ingress) =>
    ownersOf(deployment, cluster, ingress).flatMap((owner) => {
      const label = labelOf(ingress);
      return backendsOf(ingress).map(({ service, port }) => ({
        key: { cluster, namespace: ingress.metadata.namespace ?? '', name: service },
        port,
        ingress,
        owner,
        hash: backendHash(label, service, port),
        waitingGroup: functionTargetGroupName(owner, label, service, String(port)),
      }));
    }),
  );

/** Returns the Ingresses that share the load balancer, whether they lead to a Service or not. */
export const membersAt = ({ owner, key: { cluster } }: Led, deployment: string, all: Ingress[]): Ingress[] =>
  all.filter((ingress) => ownersOf(deployment, cluster, ingress).includes(owner));

const ownersOf = (deployment: string, cluster: string, ingress: Ingress): string[] =>
  placesOf(ingress).map((place) => serviceHash(deployment, refOf({ ...place, cluster }, ingress)));
