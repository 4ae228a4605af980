import { setFinalizer } from '../../../shared/controllers/common/finalizer.ts';
import { unlessGone, unlessThere } from '../../../shared/controllers/common/ignore.ts';
import { type Controller, keyOf, watching } from '../../../shared/controllers/controller.ts';
import { ipAddresses, serviceCIDRs } from '../../../shared/controllers/resources.ts';
import type { IPAddress, ServiceCIDR } from '../../../shared/kinds/schema/types.ts';
import { finalizer, plan } from './plan.ts';

/** The range that a cluster begins with comes back when it was deleted. */
const own = 'kubernetes';

/** Says of each range of Services' addresses that it is used, and lets it go once no address is left in it alone. */
export const serviceCidr: Controller = {
  name: 'service-cidr-controller',
  watches: [
    watching<ServiceCIDR>({
      resource: serviceCIDRs,
      // A further one may let another one go.
      keys: async (range, old, { client }) => [
        keyOf(range),
        ...(old ? [] : (await client.list(serviceCIDRs)).filter(isEnding).map(keyOf)),
      ],
    }),
    watching<IPAddress>({
      resource: ipAddresses,
      keys: async (_address, _old, { client, deleted }) =>
        deleted ? (await client.list(serviceCIDRs)).filter(isEnding).map(keyOf) : [],
    }),
  ],

  async reconcile({ name }, { client, clock, env }) {
    const range = await client.get(serviceCIDRs, '', name);
    if (!range) {
      if (name === own) await unlessThere(client.create(serviceCIDRs, ownRange(env.serviceCidr)));
      return undefined;
    }
    const [all, addresses] = await Promise.all([client.list(serviceCIDRs), client.list(ipAddresses)]);
    const step = plan(range, all, addresses, clock.now());
    if (step.is === 'release') {
      await unlessGone(setFinalizer(client, serviceCIDRs, range, finalizer, false));
      return undefined;
    }
    const kept =
      step.is === 'keep' ? await setFinalizer(client, serviceCIDRs, range, finalizer, true) : range;
    if (step.condition) {
      const others = (kept.status?.conditions ?? []).filter(({ type }) => type !== step.condition?.type);
      const status = { ...kept.status, conditions: [...others, step.condition] };
      await unlessGone(client.updateStatus(serviceCIDRs, { ...kept, status }));
    }
    return step.is === 'wait' && step.ms ? { requeueAfterMs: step.ms } : undefined;
  },
};

const isEnding = ({ metadata }: ServiceCIDR) => metadata.deletionTimestamp !== undefined;

const ownRange = (cidr: string): ServiceCIDR => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name: own },
  spec: { cidrs: [cidr] },
});
