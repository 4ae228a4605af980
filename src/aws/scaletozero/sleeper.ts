import type { Env } from '../config.ts';
import { delivering } from '../drivers/delivery.ts';
import { loadBalancerClients } from '../drivers/loadBalancers/clients.ts';
import { cloudWatchClient } from '../drivers/requests/client.ts';
import { openSender } from '../drivers/sender.ts';
import { meteredDemand } from './metered.ts';
import { coreParts } from './roots.ts';
import { sweepSleepers } from './sweep.ts';

/** Builds the sweep of Services from the environment. Throws what names a wrong variable. */
export function openSleeperFunction(env: Env) {
  const parts = coreParts(env);
  const api = { ...loadBalancerClients(), send: openSender(parts) };
  const demand = meteredDemand({ ...parts, api, cloudwatch: cloudWatchClient() });
  return (): Promise<void> =>
    delivering(async () => {
      const failed = await sweepSleepers({ ...parts, demand });
      if (failed > 0) throw new Error(`${failed} Services were not looked at to the end`);
    });
}
