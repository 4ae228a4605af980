import { randomUUID } from 'node:crypto';
import type { Connection } from '../../cli/kube/connection.ts';
import { pathOf, type Resource } from '../../cli/kube/discovery.ts';
import { isNotFound, ServerError } from '../../cli/kube/failure.ts';
import type { KubeObject } from '../types.ts';
import { deleteOne, goneWith } from './delete.ts';
import type { Address } from './resources.ts';
import { waitUntil } from './wait.ts';

/** Is what LogicalClusters are; they are asked for before anything is known of a server. */
const resource: Resource = {
  group: 'shallop.dev',
  version: 'v1',
  plural: 'logicalclusters',
  singular: 'logicalcluster',
  kind: 'LogicalCluster',
  namespaced: false,
  shortNames: [],
  categories: [],
  verbs: [],
  subresources: [],
};

const addressOf = (name: string): Address => ({ resource, namespace: undefined, name });

/** A name that no other cluster has. */
export const newName = (): string => `c-${randomUUID().slice(0, 13)}`;

/** Creates a logical cluster unless it is there, and waits until it is ready. Answers whether it was created. */
export async function openLogical(root: Connection, name: string): Promise<boolean> {
  const body = { apiVersion: 'shallop.dev/v1', kind: 'LogicalCluster', metadata: { name } };
  const isNew = await root.json({ method: 'POST', path: pathOf(resource, undefined), body }).then(
    () => true,
    (error) => {
      if (error instanceof ServerError && error.reason === 'AlreadyExists') return false;
      throw error;
    },
  );
  await waitUntil(root, addressOf(name), { text: 'Ready', holds: isReady });
  return isNew;
}

const isReady = (object: KubeObject | undefined) =>
  (object?.status as { phase?: string } | undefined)?.phase === 'Ready';

/** Deletes a logical cluster with all that is in it, and waits until it is gone. */
export async function removeLogical(root: Connection, name: string): Promise<void> {
  try {
    await waitUntil(root, addressOf(name), goneWith(await deleteOne(root, addressOf(name))));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
