import type { Client, Reader } from '../../client/client.ts';
import { isReason } from '../../errors/apiError.ts';
import { apiVersionOf, type Resource, resourceName } from '../../kinds/kind.ts';
import type { OwnerReference } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import type { ChangeInfo, Controller, ObjectKey, ReconcileContext, Watch } from '../controller.ts';
import { namespaces, nodes, ownable } from '../resources.ts';
import { fateOf, isOrphaning, isWaiting, type OwnerState } from './plan.ts';

/** Removes what has lost its owners. A key's name is `<resource>|<name>`. */
export const garbageCollector: Controller = {
  name: 'garbage-collector',
  concurrency: 32,
  watches: ownable.map(
    (resource): Watch => ({
      resource,
      lean: true,
      keys: (object, old, change) =>
        change.deleted ? afterDeletion(object, change) : afterChange(resource, object, old, change),
    }),
  ),

  async reconcile({ cluster, namespace, name: key }, ctx) {
    const [of, name = ''] = key.split('|');
    const resource = ownableByName.get(of ?? '');
    // Decisions to delete are made on the API's word, not on a cache's.
    const live = ctx.env.clients(cluster);
    const object = resource && (await live.get(resource, namespace, name));
    if (!resource || !object) return undefined;
    if (isOrphaning(object)) await orphan(resource, object, ctx);
    else if (isWaiting(object)) await waitForDependents(resource, object, ctx);
    else await decide(resource, object, live, ctx);
    return undefined;
  },
};

const owners: Resource[] = [...ownable, nodes, namespaces];
const ownerResource = ({ apiVersion, kind }: OwnerReference): Resource | undefined =>
  owners.find((r) => r.kind === kind && apiVersionOf(r) === apiVersion);
const keyFor = (resource: Resource, namespace: string | undefined, name: string | undefined): ObjectKey => ({
  namespace: namespace ?? '',
  name: `${resourceName(resource)}|${name}`,
});

const ownableByName = new Map(ownable.map((resource) => [resourceName(resource), resource]));

interface Place extends ObjectKey {
  resource: Resource;
}

/** Where the objects are that have it for an owner: one question, however many kinds there are. */
async function dependentsOf({ metadata }: KubeObject, client: Reader): Promise<Place[]> {
  const owned = await client.owned(metadata.uid ?? '');
  return owned.flatMap(({ resource: of, namespace, name }) => {
    const resource = ownableByName.get(of);
    return resource ? [{ resource, namespace, name }] : [];
  });
}

/** What is still there of them. */
async function read(places: Place[], client: Reader) {
  const found: { resource: Resource; object: KubeObject }[] = [];
  await parallel(places, 16, async ({ resource, namespace, name }) => {
    const object = await client.get(resource, namespace, name);
    if (object) found.push({ resource, object });
  });
  return found;
}

/** Its dependents lost an owner; its owners may have waited for it. */
async function afterDeletion(object: KubeObject, { client }: ChangeInfo): Promise<ObjectKey[]> {
  const dependents = (await dependentsOf(object, client)).map(({ resource, namespace, name }) =>
    keyFor(resource, namespace, name),
  );
  const waiting = (object.metadata.ownerReferences ?? []).flatMap((owner) => {
    const resource = ownerResource(owner);
    return resource && owner.blockOwnerDeletion
      ? [keyFor(resource, object.metadata.namespace, owner.name)]
      : [];
  });
  return [...dependents, ...waiting];
}

async function afterChange(
  resource: Resource,
  object: KubeObject,
  old: KubeObject | undefined,
  { client }: ChangeInfo,
): Promise<ObjectKey[]> {
  const own = [keyFor(resource, object.metadata.namespace, object.metadata.name)];
  if (isWaiting(object) || isOrphaning(object)) return own;
  const refs = object.metadata.ownerReferences ?? [];
  const unchanged = old && old !== object && refs.length === (old.metadata.ownerReferences ?? []).length;
  if (refs.length === 0 || unchanged) return [];
  const states = await Promise.all(refs.map((owner) => stateOf(owner, object, client)));
  return states.every((state) => state === 'there' || state === 'unknown') ? [] : own;
}

async function stateOf(owner: OwnerReference, object: KubeObject, client: Reader): Promise<OwnerState> {
  const resource = ownerResource(owner);
  if (!resource) return 'unknown';
  const namespace = resource.namespaced ? (object.metadata.namespace ?? '') : '';
  const found = await client.get(resource, namespace, owner.name);
  if (found?.metadata.uid !== owner.uid) return 'gone';
  return isWaiting(found) && owner.blockOwnerDeletion ? 'waiting' : 'there';
}

async function decide(resource: Resource, object: KubeObject, live: Reader, { client }: ReconcileContext) {
  const { namespace = '', name = '', uid = '', resourceVersion = '' } = object.metadata;
  const refs = object.metadata.ownerReferences ?? [];
  const states = await Promise.all(refs.map((owner) => stateOf(owner, object, live)));
  const hasDependents = states.includes('waiting') && (await dependentsOf(object, client)).length > 0;
  const fate = fateOf(object, states, hasDependents);
  if (fate.do === 'disown')
    await client.patch(resource, namespace, name, {
      metadata: { resourceVersion, ownerReferences: fate.ownerReferences },
    });
  if (fate.do === 'delete')
    await unlessGone(
      client.delete(resource, namespace, name, {
        uid,
        resourceVersion,
        propagationPolicy: fate.propagationPolicy,
      }),
    );
}

async function orphan(resource: Resource, object: KubeObject, { client }: ReconcileContext): Promise<void> {
  const dependents = await read(await dependentsOf(object, client), client);
  await parallel(dependents, 16, async ({ resource: of, object: { metadata: m } }) => {
    const ownerReferences = (m.ownerReferences ?? []).filter((o) => o.uid !== object.metadata.uid);
    const patch = { metadata: { resourceVersion: m.resourceVersion, ownerReferences } };
    await unlessGone(client.patch(of, m.namespace ?? '', m.name ?? '', patch));
  });
  await dropFinalizer(resource, object, 'orphan', client);
}

async function waitForDependents(resource: Resource, object: KubeObject, { client }: ReconcileContext) {
  const dependents = await read(await dependentsOf(object, client), client);
  const blocks = ({ object: { metadata } }: (typeof dependents)[number]) =>
    metadata.ownerReferences?.some((o) => o.uid === object.metadata.uid && o.blockOwnerDeletion);
  if (!dependents.some(blocks)) return dropFinalizer(resource, object, 'foregroundDeletion', client);
  await parallel(dependents, 16, async ({ resource: of, object: child }) => {
    const { namespace = '', name = '', uid = '', deletionTimestamp } = child.metadata;
    if (deletionTimestamp) return;
    const deeper = (await dependentsOf(child, client)).length > 0;
    const propagationPolicy = deeper ? 'Foreground' : 'Background';
    await unlessGone(client.delete(of, namespace, name, { uid, propagationPolicy })).catch(
      (error: unknown) => {
        if (!isReason(error, 'Conflict')) throw error;
      },
    );
  });
}

async function dropFinalizer(resource: Resource, object: KubeObject, finalizer: string, client: Client) {
  const { namespace = '', name = '', resourceVersion } = object.metadata;
  const finalizers = (object.metadata.finalizers ?? []).filter((f) => f !== finalizer);
  await unlessGone(client.patch(resource, namespace, name, { metadata: { resourceVersion, finalizers } }));
}
