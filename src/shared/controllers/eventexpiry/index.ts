import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import type { Controller } from '../controller.ts';
import { events } from '../resources.ts';
import { plan } from './plan.ts';

/** Removes Events an hour after they were last seen. It polls rarely and has no watch, since Events are many. */
export const eventExpiry: Controller = {
  name: 'event-expiry',
  watches: [],
  always: () => [{ namespace: '', name: 'events' }],

  async reconcile(_, { client, clock }) {
    const { expired, nextLookMs } = plan(await client.list(events), clock.now());
    await parallel(expired, 8, ({ metadata: { namespace = '', name = '' } }) =>
      unlessGone(client.delete(events, namespace, name)),
    );
    return { requeueAfterMs: nextLookMs };
  },
};
