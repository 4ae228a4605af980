import { notFound } from '../../errors/common.ts';
import type { Node, Pod } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../ports/storage.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondObject } from '../http/object.ts';
import { filterOf } from '../list/selectors.ts';
import type { Call } from '../request.ts';
import { parseJson } from '../served.ts';
import { respondObjects } from '../verbs/list.ts';
import { nodeMetricsOf, podMetricsOf } from './objects.ts';
import { type Measure, measuring } from './whole.ts';

/** GET of what a Pod or a Node uses. Throws NotFound, also when it is not measured. */
export async function getMeasurement(call: Call): Promise<ApiResponse> {
  const { deps, served, cluster, namespace, name } = call;
  const { group, kind, plural } = served.kind;
  const stored = await deps.storage.get({ cluster, resource: plural, namespace, name });
  if (!stored) throw notFound({ group: '', plural, name });
  const object = await measurementOf(call, stored, measuring(call));
  // metrics-server names the kind here, and where it is.
  const full = namespace ? `${namespace}/${name}` : name;
  if (!object) throw notFound({ group, plural: kind.toLowerCase(), name: full });
  return respondObject(call, object);
}

/** A list as of metrics-server: all of it at once, and without a revision to go on from. */
export async function listMeasurements(call: Call): Promise<ApiResponse> {
  const { deps, served, cluster, namespace } = call;
  const filter = filterOf(call);
  const scope = { cluster, resource: served.kind.plural, ...(namespace && { namespace }) };
  const all = (await deps.storage.list(scope)).items.filter((each) => filter.matches(each));
  const measure = measuring(call);
  const objects = await Promise.all(all.map((stored) => measurementOf(call, stored, measure)));
  return respondObjects(
    call,
    objects.filter((object) => object !== undefined),
    {},
  );
}

async function measurementOf(
  { deps, served }: Call,
  stored: Stored,
  measure: Measure,
): Promise<AnyObject | undefined> {
  const now = deps.clock.now();
  const object: unknown = parseJson(stored.value);
  if (served.kind.kind === 'PodMetrics') {
    const rates = await measure.pod(object as Pod);
    return rates && (podMetricsOf(object as Pod, rates, now) as unknown as AnyObject);
  }
  const rate = await measure.node(stored.key.name);
  return rate && (nodeMetricsOf(object as Node, rate, now) as unknown as AnyObject);
}
