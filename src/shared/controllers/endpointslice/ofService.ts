import type { Client } from '../../client/client.ts';
import type { EndpointSlice } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import type { ObjectKey, Requeue } from '../controller.ts';
import { endpointSlices } from '../resources.ts';
import { serviceLabel } from './plan.ts';

/** Returns all slices of a Service, also those that other controllers or users made. */
export const slicesOf = async ({ namespace, name }: ObjectKey, client: Client): Promise<EndpointSlice[]> =>
  (await client.list(endpointSlices, { namespace })).filter(
    ({ metadata }) => metadata.labels?.[serviceLabel] === name,
  );

/** Says how soon to look again when endpoints changed during a run. */
const changedMs = 50;

/**
 * Asks for another run when the slices changed during this one. Controllers that pass slices on to a cloud need it: of
 * concurrent runs, the last one to write may not have seen the newest endpoints.
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
