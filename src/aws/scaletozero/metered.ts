import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Clients } from '../../shared/client/client.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import { ingresses } from '../../shared/controllers/resources.ts';
import type { Service } from '../../shared/kinds/schema/types.ts';
import type { Demand, ServiceRef } from '../../shared/ports/cloud.ts';
import { type Traffic, trafficOf } from '../drivers/ingresses/traffic.ts';
import type { Api } from '../drivers/loadBalancers/api.ts';
import { lastRequestAt } from '../drivers/requests/index.ts';
import { ledBy } from './places.ts';

/** Describes what use is known by. */
export interface MeteredParts {
  deployment: string;
  clients: Clients;
  clock: Clock;
  api: Api;
  cloudwatch: Pick<CloudWatchClient, 'send'>;
}

/**
 * How Services are used through the application load balancers of Ingresses, by what these tell CloudWatch. Rules lead to where
 * requests wait because the Service says so; here it is only looked at whether they do.
 */
export function meteredDemand(parts: MeteredParts): Demand {
  const { clock, cloudwatch, api } = parts;
  return {
    refuses: whyNot,
    follow: async () => {},
    forget: async () => {},
    async lastUsed(ref) {
      const groups = (await traffic(parts, ref)).flatMap((each) => each.groups);
      return groups.length > 0 ? lastRequestAt(cloudwatch, api.send, groups, clock.now()) : undefined;
    },
    // Who waits says so himself: see the activator.
    isWanted: async () => false,
    async withhold(ref) {
      const all = await traffic(parts, ref);
      const isLed = all.length > 0 && all.every((each) => each.leadsToWaiting && !each.leadsToPods);
      return isLed ? 'withheld' : 'pending';
    },
    restore: async () => {},
    async *wanted() {},
  };
}

function whyNot({ spec }: Service, { isBehindIngress }: { isBehindIngress: boolean }): string | undefined {
  if (spec?.type === 'LoadBalancer')
    return 'it has a network load balancer, in which no connection waits: lead an Ingress to it instead';
  return isBehindIngress
    ? undefined
    : 'no Ingress leads to it: only requests through one are counted and can wait';
}

/** By load balancer. */
async function traffic({ deployment, clients, api }: MeteredParts, ref: ServiceRef): Promise<Traffic[]> {
  const near = await clients(ref.cluster).list(ingresses, { namespace: ref.namespace });
  const led = ledBy(deployment, ref.cluster, near).filter(({ key }) => key.name === ref.name);
  const owners = [...new Set(led.map(({ owner }) => owner))];
  return Promise.all(
    owners.map((owner) => {
      const hashes = led.filter((each) => each.owner === owner).map(({ hash }) => hash);
      return trafficOf(api, owner, new Set(hashes));
    }),
  );
}
