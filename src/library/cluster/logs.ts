import type { Connection } from '../../cli/kube/connection.ts';
import { pathOf } from '../../cli/kube/discovery.ts';
import { byLogging, containerNames, type Pod } from '../../cli/kube/pods.ts';
import { getObject, listObjects, query } from '../../cli/kube/read.ts';
import { selectorText } from '../../cli/kube/selector.ts';
import type { LogOptions } from '../types.ts';
import { type Address, described, type Resources } from './resources.ts';

const defaultContainer = 'kubectl.kubernetes.io/default-container';

/** The log of a Pod, as its bytes come. */
export async function openLog(
  connection: Connection,
  resources: Resources,
  pod: string,
  { namespace, container, ...rest }: LogOptions,
  follow: boolean,
): Promise<AsyncIterable<Uint8Array>> {
  const address = await resources.address(pod.includes('/') ? pod : `pods/${pod}`, namespace);
  const pods = await resources.named('pods');
  const found = await podOf(connection, pods, address);
  const parameters = {
    container: container ?? containerOf(found),
    tailLines: rest.tailLines,
    sinceSeconds: rest.sinceSeconds,
    previous: rest.previous || undefined,
    timestamps: rest.timestamps || undefined,
    follow: follow || undefined,
  };
  const { metadata } = found;
  const path = `${pathOf(pods, metadata.namespace, metadata.name, 'log')}${query(parameters)}`;
  return connection.stream({ path, accept: '*/*' });
}

/** The Pod itself, or the one that says most of those that a Deployment, a Service or the like selects. */
async function podOf(connection: Connection, pods: Address['resource'], address: Address): Promise<Pod> {
  const { resource, namespace, name } = address;
  const object = await getObject(connection, resource, namespace, name);
  if (resource.plural === 'pods' && resource.group === '') return object as Pod;
  const { selector } = (object.spec ?? {}) as { selector?: Record<string, string> };
  if (!selector) throw new Error(`${described(address)} selects no Pods, so it has no log`);
  const { items } = await listObjects<Pod>(connection, pods, { namespace, labels: selectorText(selector) });
  const [best] = items.sort(byLogging);
  if (!best) throw new Error(`there are no Pods of ${described(address)} yet`);
  return best;
}

function containerOf(pod: Pod): string {
  const preset = pod.metadata.annotations?.[defaultContainer];
  return preset && containerNames(pod).includes(preset) ? preset : pod.spec.containers[0]!.name;
}
