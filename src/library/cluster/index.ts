import type { Connection } from '../../cli/kube/connection.ts';
import { isNotFound } from '../../cli/kube/failure.ts';
import { getObject, linesOf, listObjects } from '../../cli/kube/read.ts';
import { asApiError, asApiErrors } from '../refusals.ts';
import type { Cluster, Reference } from '../types.ts';
import { apply } from './apply.ts';
import { wantedOf } from './conditions.ts';
import { deleteAll } from './delete.ts';
import { type Access, kubeconfigFor } from './kubeconfig.ts';
import { openLog } from './logs.ts';
import { resourcesOf } from './resources.ts';
import { waitUntil } from './wait.ts';

/** Describes what a cluster is made of. */
export interface ClusterParts {
  name: string;
  /** To the logical cluster. */
  connection: Connection;
  access: Access;
  /** Deletes the logical cluster, where it is this object's to delete. */
  remove(): Promise<void>;
}

/** Returns what a program does with a logical cluster. Requests reject with `ApiError` for what the server refuses. */
export function clusterOf({ name, connection, access, remove }: ClusterParts): Cluster {
  const resources = resourcesOf(connection);
  const kubeconfig = kubeconfigFor(`shallop-${name}`, connection.server, access);
  const kubeconfigText = `${JSON.stringify(kubeconfig, null, 2)}\n`;
  let removed: Promise<void> | undefined;
  const stop = () => {
    removed ??= asApiErrors(remove);
    return removed;
  };
  const read = async (reference: Reference, namespace: string | undefined) => {
    const address = await resources.address(reference, namespace);
    try {
      return await getObject(connection, address.resource, address.namespace, address.name);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  return {
    name,
    url: connection.server,
    kubeconfig,
    kubeconfigText,
    kubeConfig(config) {
      config.loadFromString(kubeconfigText);
      return config;
    },
    apply: (manifests, options = {}) =>
      asApiErrors(() => apply(connection, resources, manifests, options)) as Promise<never>,
    get: (reference, { namespace } = {}) => asApiErrors(() => read(reference, namespace)) as Promise<never>,
    list: (type, { namespace, labelSelector, fieldSelector } = {}) =>
      asApiErrors(async () => {
        const resource = await resources.named(type);
        const chosen = { namespace, labels: labelSelector, fields: fieldSelector };
        return (await listObjects(connection, resource, chosen)).items;
      }) as Promise<never>,
    waitFor: (reference, wanted, { namespace, ...waiting } = {}) =>
      asApiErrors(async () => {
        const until = wantedOf(wanted);
        return waitUntil(connection, await resources.address(reference, namespace), until, waiting);
      }) as Promise<never>,
    logs: (pod, options = {}) =>
      asApiErrors(async () => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of await openLog(connection, resources, pod, options, false))
          chunks.push(chunk);
        return Buffer.concat(chunks).toString();
      }),
    async *followLogs(pod, options = {}) {
      try {
        yield* linesOf(await openLog(connection, resources, pod, options, true));
      } catch (error) {
        throw asApiError(error);
      }
    },
    delete: (what, options = {}) => asApiErrors(() => deleteAll(connection, resources, what, options)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
