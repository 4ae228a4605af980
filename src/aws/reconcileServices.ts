import { certificatesClient } from '../shared/cloud/aws/ingresses/clients.ts';
import { openApplicationLoadBalancers } from '../shared/cloud/aws/ingresses/index.ts';
import { loadBalancerClients } from '../shared/cloud/aws/loadBalancers/clients.ts';
import { openNetworkLoadBalancers } from '../shared/cloud/aws/loadBalancers/index.ts';
import { route53Client } from '../shared/cloud/aws/names/client.ts';
import { openRoute53Names } from '../shared/cloud/aws/names/index.ts';
import type { Cloud } from '../shared/cloud/provider.ts';
import { balancedSubnets, required } from './config.ts';
import { clusterDomain, environment } from './names.ts';
import type { ReconcileParts } from './reconcile.ts';

/** What the controllers of Services and Ingresses touch: load balancers, and the private zone when there is one. */
export function servicesCloud({
  env,
  deployment,
  clock,
  ids,
}: ReconcileParts): Pick<Cloud, 'loadBalancers' | 'ingresses' | 'names'> {
  const zone = env[environment.hostedZone];
  const parts = { deployment, clock, ids };
  const balancing = {
    ...parts,
    ...loadBalancerClients(),
    vpc: required(env, environment.vpc),
    subnets: balancedSubnets(env),
    securityGroup: required(env, environment.loadBalancerSecurityGroup),
  };
  return {
    loadBalancers: openNetworkLoadBalancers(balancing),
    ingresses: openApplicationLoadBalancers({ ...balancing, acm: certificatesClient() }),
    ...(zone && {
      names: openRoute53Names({
        ...parts,
        client: route53Client(),
        zone: { id: zone, domain: clusterDomain, deployment },
      }),
    }),
  };
}
