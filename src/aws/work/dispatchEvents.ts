import { objectPath } from '../../shared/client/paths.ts';
import type { LoggedChange } from '../../shared/controllers/manager/queue/index.ts';
import { offByDefault } from '../../shared/kinds/features.ts';
import { type Kind, resourceName } from '../../shared/kinds/kind.ts';
import { kinds } from '../../shared/kinds/registry.ts';
import type { AnyObject } from '../../shared/meta/object.ts';
import { type BusEvent, mostBytes, sizeOf } from '../drivers/bus/index.ts';

export const eventSource = 'shallop.k8s';

/** Many, and of no interest to automation. */
const silent = new Set(['Event', 'Lease']);
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

const byResource = new Map<string, Kind>(
  [...kinds, ...offByDefault]
    .filter((kind) => !kind.virtual && !kind.storedAs)
    .map((kind) => [resourceName(kind), kind as Kind]),
);

/**
 * Returns what the bus is told of a change: `Deployment MODIFIED` with a CloudEvent as its detail, the object as it is
 * now (or last was) as the data of that. Undefined for what is not published. The same change is always the same event,
 * so that who gets it twice knows by its id.
 */
export function eventOf({ change, at }: LoggedChange, deployment: string): BusEvent | undefined {
  const { type, object: stored, previous } = change;
  const { cluster, resource, namespace, name } = stored.key;
  const kind = byResource.get(resource);
  if (!kind || silent.has(kind.kind)) return undefined;
  const what = type === 'delete' ? 'DELETED' : previous ? 'MODIFIED' : 'ADDED';
  const object = JSON.parse(Buffer.from(stored.value).toString()) as AnyObject;
  const about = {
    specversion: '1.0',
    id: `${cluster}/${resource}/${stored.revision}`,
    source: `/shallop/${deployment}/clusters/${cluster}`,
    type: `dev.shallop.object.${what.toLowerCase()}`,
    subject: objectPath(kind, namespace, name),
    time: new Date(at).toISOString(),
    cluster,
    datacontenttype: 'application/json',
  };
  const event = (data: unknown): BusEvent => ({
    source: eventSource,
    detailType: `${kind.kind} ${what}`,
    detail: JSON.stringify({ ...about, data }),
    time: at,
  });
  const whole = event(kind.kind === 'Secret' ? metadataOnly(object) : object);
  return sizeOf(whole) <= mostBytes ? whole : event(metadataOnly(object));
}

/** Without anything that an author wrote into it: what kubectl applied last is a copy of the whole. */
function metadataOnly({ apiVersion, kind, metadata }: AnyObject): object {
  const { annotations = {}, managedFields: _, ...rest } = metadata;
  const { [lastApplied]: __, ...kept } = annotations;
  return { apiVersion, kind, metadata: { ...rest, annotations: kept } };
}
