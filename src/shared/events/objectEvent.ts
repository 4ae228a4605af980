import type { AnyObject } from '../meta/object.ts';
import type { Change } from '../ports/storage.ts';

/** Is what a change of an object is for automation, on both planes: what EventBridge carries, and what patterns match. */
export interface ObjectEvent {
  source: typeof eventSource;
  /** `Deployment MODIFIED`. */
  'detail-type': string;
  detail: CloudEvent;
}

/** Describes a change in the words of CloudEvents 1.0. */
export interface CloudEvent {
  specversion: '1.0';
  /** Follows from the change: whoever gets an event twice knows by it, together with the source. */
  id: string;
  source: string;
  type: string;
  /** Path of the object in the API. */
  subject: string;
  time: string;
  /** Logical cluster of the object: an extension. */
  cluster: string;
  datacontenttype: 'application/json';
  /** The object as it is now, or last was. */
  data: object;
}

/** An event, and the CloudEvent in it as it is sent. */
export interface ObjectNews {
  event: ObjectEvent;
  /** JSON of `event.detail`; what nobody has asked for yet is not made. */
  text(): string;
}

/** Is what EventBridge calls the source of all events of objects. */
export const eventSource = 'shallop.k8s';

/** EventBridge takes 1 MB, with all that is around it. */
const mostBytes = 990_000;

/** Many, and of no interest to automation. */
const silent = new Set(['events', 'leases.coordination.k8s.io']);

/** Returns whether automation is told of changes of a resource, as it stands in storage. */
export const isTold = (resource: string): boolean => !silent.has(resource) && !resource.endsWith('.internal');

/**
 * Returns what automation is told of a change, whichever kind the object is of. `deployment` names the control plane in
 * the event's source. Of a Secret, and of what is too large, there is only the metadata. Undefined for what is not told.
 */
export function newsOf(change: Change, deployment: string): ObjectNews | undefined {
  const { object: stored, at = 0 } = change;
  const { cluster, resource, namespace, name } = stored.key;
  if (!isTold(resource)) return undefined;
  const json = decoder.decode(stored.value);
  const of = kindOf(json);
  if (!of) return undefined;
  const what = happened(change);
  const plural = resource.split('.', 1)[0]!;
  const about: Omit<CloudEvent, 'data'> = {
    specversion: '1.0',
    id: `${cluster}/${resource}/${stored.revision}`,
    source: sourceOf(deployment, cluster),
    type: `dev.shallop.object.${what.toLowerCase()}`,
    subject: pathOf(of.apiVersion, plural, namespace, name),
    time: new Date(at).toISOString(),
    cluster,
    datacontenttype: 'application/json',
  };
  const head = JSON.stringify(about).slice(0, -1);
  const isWhole = resource !== 'secrets' && Buffer.byteLength(head) + stored.value.length < mostBytes;
  let data: object | undefined;
  const told = () => {
    data ??= isWhole ? parsed(json) : metadataOnly(parsed(json));
    return data;
  };
  return {
    event: {
      source: eventSource,
      'detail-type': `${of.kind} ${what}`,
      detail: {
        ...about,
        // Most rules decide by the kind, so that most objects need not be parsed.
        get data() {
          return told();
        },
      },
    },
    // As it is stored, digit by digit: a number may be longer than JavaScript keeps it.
    text: () => `${head},"data":${isWhole ? json : JSON.stringify(told())}}`,
  };
}

/** The source of all events of a logical cluster. */
export const sourceOf = (deployment: string, cluster: string): string =>
  `/shallop/${deployment}/clusters/${cluster}`;

const decoder = new TextDecoder();
const parsed = (json: string) => JSON.parse(json) as AnyObject;

const happened = ({ type, previous }: Change) =>
  type === 'delete' ? 'DELETED' : previous ? 'MODIFIED' : 'ADDED';

/** Stored objects begin so: their kind is known without parsing them. */
const beginning = /^\{"kind":"([A-Za-z0-9]+)","apiVersion":"([a-z0-9./-]+)"/i;

function kindOf(json: string): { kind: string; apiVersion: string } | undefined {
  const [, kind, apiVersion] = beginning.exec(json.slice(0, 600)) ?? [];
  if (kind && apiVersion) return { kind, apiVersion };
  const object = parsed(json);
  return object.kind && object.apiVersion ? { kind: object.kind, apiVersion: object.apiVersion } : undefined;
}

function pathOf(apiVersion: string, plural: string, namespace: string, name: string): string {
  const root = apiVersion.includes('/') ? '/apis' : '/api';
  const within = namespace && `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}/${apiVersion}${within}/${plural}/${encodeURIComponent(name)}`;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without anything that an author wrote into it: what kubectl applied last is a copy of the whole. */
function metadataOnly({ apiVersion, kind, metadata }: AnyObject): object {
  const { annotations = {}, managedFields: _, ...rest } = metadata;
  const { [lastApplied]: __, ...kept } = annotations;
  return { apiVersion, kind, metadata: { ...rest, annotations: kept } };
}
