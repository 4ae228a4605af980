import type { Cloud } from '../../shared/ports/cloud.ts';
import { clusterDomain } from '../../shared/ports/names.ts';
import { balancedSubnets, required } from '../config.ts';
import { openNameLedger } from '../drivers/dynamodb/nameLedger.ts';
import { certificatesClient } from '../drivers/ingresses/clients.ts';
import { openApplicationLoadBalancers } from '../drivers/ingresses/index.ts';
import { loadBalancerClients } from '../drivers/loadBalancers/clients.ts';
import { openNetworkLoadBalancers } from '../drivers/loadBalancers/index.ts';
import { route53Client } from '../drivers/names/client.ts';
import { openRoute53Names } from '../drivers/names/index.ts';
import { environment } from '../names.ts';
import type { ReconcileParts } from './reconcile.ts';

/**
 * Returns what the controllers of Services and Ingresses touch: load balancers, and the private zone when there is one.
 */
export function servicesCloud({
  env,
  deployment,
  dynamo,
  clock,
  ids,
}: ReconcileParts): Pick<Cloud, 'loadBalancers' | 'ingresses' | 'names'> {
  const zone = env[environment.hostedZone];
  const activator = env[environment.activator];
  const parts = { deployment, clock, ids };
  const balancing = {
    ...parts,
    ...loadBalancerClients(),
    vpc: required(env, environment.vpc),
    subnets: balancedSubnets(env),
    securityGroup: required(env, environment.loadBalancerSecurityGroup),
  };
  return {
    loadBalancers: openNetworkLoadBalancers({
      ...balancing,
      drainMs: Number(required(env, environment.drainSeconds)) * 1000,
    }),
    ingresses: openApplicationLoadBalancers({
      ...balancing,
      acm: certificatesClient(),
      ...(activator && { activator }),
    }),
    ...(zone && {
      names: openRoute53Names({
        ...parts,
        client: route53Client(),
        zone: { id: zone, domain: clusterDomain, deployment },
        ledger: openNameLedger({
          client: dynamo,
          table: required(env, environment.table),
          clock,
          ids,
        }),
      }),
    }),
  };
}
