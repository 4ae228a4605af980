import type { Connection } from '../../cli/kube/connection.ts';
import { pathOf } from '../../cli/kube/discovery.ts';
import { query } from '../../cli/kube/read.ts';
import type { ApplyOptions, KubeObject } from '../types.ts';
import { conditionHolds } from './conditions.ts';
import { objectsOf } from './manifests.ts';
import type { Resources } from './resources.ts';
import { waitUntil } from './wait.ts';

const type = 'application/apply-patch+yaml';
const establishedMs = 10_000;

/** Applies manifests on the server's side, one after the other; ends at the first error. */
export async function apply(
  connection: Connection,
  resources: Resources,
  manifests: string | object | readonly object[],
  { namespace, fieldManager = 'shallop', force = false }: ApplyOptions,
): Promise<KubeObject[]> {
  const applied: KubeObject[] = [];
  for (const object of objectsOf(manifests)) {
    const address = await resources.address(object, namespace);
    const path = pathOf(address.resource, address.namespace, address.name);
    applied.push(
      await connection.json<KubeObject>({
        method: 'PATCH',
        path: `${path}${query({ fieldManager, force: force || undefined, fieldValidation: 'Strict' })}`,
        // Of objects that were read before, what only the server may say would be refused.
        body: withoutManagedFields(object),
        type,
      }),
    );
    if (object.kind !== 'CustomResourceDefinition') continue;
    await waitUntil(connection, address, conditionHolds('Established'), { timeoutMs: establishedMs });
    resources.forget();
  }
  return applied;
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
