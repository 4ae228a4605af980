import type { Client } from '../../client/client.ts';
import type { EndpointSlice } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import type { ObjectKey, Requeue } from '../controller.ts';
import { endpointSlices } from '../resources.ts';
import { serviceLabel } from './plan.ts';

/** All slices of a Service, whoever made them. */
export const slicesOf = async ({ namespace, name }: ObjectKey, client: Client): Promise<EndpointSlice[]> =>
  (await client.list(endpointSlices, { namespace })).filter(
    ({ metadata }) => metadata.labels?.[serviceLabel] === name,
  );

/** How soon to look again when endpoints changed during a run. */
const changedMs = 50;

/**
 * For whoever has told somebody outside of these slices: of several runs at the same time the last one to write may
 * not be the one that saw the newest endpoints.
 */
export async function ifChanged(
  service: ObjectKey,
  slices: EndpointSlice[],
  client: Client,
): Promise<Requeue | undefined> {
  const now = await slicesOf(service, client);
  return same(revisions(slices), revisions(now)) ? undefined : { requeueAfterMs: changedMs };
}

const revisions = (slices: EndpointSlice[]) =>
  slices.map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`).sort();
