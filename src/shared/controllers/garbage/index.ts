import type { Client, Reader } from '../../client/client.ts';
import { isReason } from '../../errors/apiError.ts';
import { type Resource, resourceName } from '../../kinds/kind.ts';
import type { OwnerReference } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { servedBy } from '../common/served.ts';
import type { ChangeInfo, Controller, ObjectKey, ReconcileContext } from '../controller.ts';
import { type Dependent, dependentsOf } from './dependents.ts';
import {
  blocks,
  fateOf,
  isOrphaning,
  isWaiting,
  type OwnerState,
  unblocked,
  unblockedOwners,
} from './plan.ts';

/** Deletes objects whose owners are gone. The name of a key is `<resource>|<name>`. */
export const garbageCollector: Controller = {
  name: 'garbage-collector',
  concurrency: 32,
  watches: [],
  watchesAll: {
    // They are many, own nothing and expire by themselves.
    except: ['events'],
    keys: (object, old, change) =>
      change.deleted ? afterDeletion(object, change) : afterChange(object, old, change),
  },

  async reconcile({ cluster, namespace, name: key }, ctx) {
    const [of = '', name = ''] = key.split('|');
    // Decisions to delete are made on the API's word, not on a cache's.
    const live = ctx.env.clients(cluster);
    const resource = (await servedBy(live)).byName.get(of);
    const object = resource && (await live.get(resource, namespace, name));
    if (!resource || !object) return undefined;
    if (isOrphaning(object)) await orphan(resource, object, ctx);
    else if (isWaiting(object)) await waitForDependents(resource, object, live, ctx);
    else await decide(resource, object, live, ctx);
    return undefined;
  },
};

const keyFor = (resource: string, namespace = '', name = ''): ObjectKey => ({
  namespace,
  name: `${resource}|${name}`,
});

/** The keys of owners that a dependent no longer holds back. */
async function keysOf(owners: OwnerReference[], namespace: string | undefined, client: Reader) {
  if (!owners.length) return [];
  const { ownerKind } = await servedBy(client);
  return owners.flatMap((owner) => {
    const resource = ownerKind(owner);
    if (!resource) return [];
    return [keyFor(resourceName(resource), resource.namespaced ? namespace : '', owner.name)];
  });
}

/** Its dependents lost an owner; its owners may have waited for it. */
async function afterDeletion(object: KubeObject, { client }: ChangeInfo): Promise<ObjectKey[]> {
  const { ownerReferences = [], uid = '', namespace } = object.metadata;
  const dependents = (await client.owned(uid)).map((place) =>
    keyFor(place.resource, place.namespace, place.name),
  );
  return [...dependents, ...(await keysOf(ownerReferences.filter(blocks), namespace, client))];
}

async function afterChange(
  object: KubeObject,
  old: KubeObject | undefined,
  { client, resource }: ChangeInfo,
): Promise<ObjectKey[]> {
  const { namespace, name } = object.metadata;
  const own = [keyFor(resource, namespace, name)];
  if (isWaiting(object) || isOrphaning(object)) return own;
  const refs = object.metadata.ownerReferences ?? [];
  const before = old?.metadata.ownerReferences ?? [];
  const freed = await keysOf(unblockedOwners(before, refs), namespace, client);
  const unchanged = old && old !== object && refs.length === before.length;
  if (refs.length === 0 || unchanged) return freed;
  for (const owner of refs) if ((await stateOf(owner, object, client)) !== 'there') return [...freed, ...own];
  return freed;
}

/** Asks for a few at a time: an object may name thousands. */
async function statesOf(owners: OwnerReference[], object: KubeObject, client: Reader): Promise<OwnerState[]> {
  const states: OwnerState[] = [];
  await parallel([...owners.entries()], 16, async ([i, owner]) => {
    states[i] = await stateOf(owner, object, client);
  });
  return states;
}

async function stateOf(owner: OwnerReference, object: KubeObject, client: Reader): Promise<OwnerState> {
  const resource = (await servedBy(client)).ownerKind(owner);
  const { namespace = '' } = object.metadata;
  // Whether an owner is gone is unknown when its resource is not served. A cluster-scoped object has no namespaced owner.
  if (!resource || (resource.namespaced && !namespace)) return 'unknown';
  const found = await client.get(resource, resource.namespaced ? namespace : '', owner.name);
  if (found?.metadata.uid !== owner.uid) return 'gone';
  return isWaiting(found) ? 'waiting' : 'there';
}

const attempts = 3;

/** Decides over the object, and once more when it changed meanwhile: nobody else would look at it because of that. */
async function decide(resource: Resource, object: KubeObject, live: Reader, ctx: ReconcileContext) {
  const { namespace = '', name = '', uid } = object.metadata;
  let newest: KubeObject | undefined = object;
  for (let attempt = 1; newest && newest.metadata.uid === uid; attempt++) {
    try {
      return await decideOnce(resource, newest, live, ctx);
    } catch (error) {
      if (attempt === attempts || !isReason(error, 'Conflict')) throw error;
      newest = await live.get(resource, namespace, name);
    }
  }
}

/** Deletes the object when nobody owns it any more, or only owners that wait for it to go. */
async function decideOnce(
  resource: Resource,
  object: KubeObject,
  live: Reader,
  { client }: ReconcileContext,
) {
  const { namespace = '', name = '', uid = '' } = object.metadata;
  const refs = object.metadata.ownerReferences ?? [];
  const states = await statesOf(refs, object, live);
  const dependents = states.includes('waiting') ? await dependentsOf(object, live) : [];
  const fate = fateOf(
    object,
    states,
    dependents.map((each) => each.object),
  );
  if (fate.do === 'nothing') return;
  let { resourceVersion = '' } = object.metadata;
  const own = async (ownerReferences: OwnerReference[]) =>
    client.patch(resource, namespace, name, { metadata: { resourceVersion, ownerReferences } });
  if (fate.do === 'disown') return void (await own(fate.ownerReferences));
  if (fate.unblocks) resourceVersion = (await own(unblocked(refs))).metadata.resourceVersion ?? '';
  const { propagationPolicy } = fate;
  await unlessGone(client.delete(resource, namespace, name, { uid, resourceVersion, propagationPolicy }));
}

async function orphan(resource: Resource, object: KubeObject, { client }: ReconcileContext): Promise<void> {
  await parallel(
    await dependentsOf(object, client),
    16,
    async ({ resource: of, object: { metadata: m } }) => {
      const ownerReferences = (m.ownerReferences ?? []).filter((o) => o.uid !== object.metadata.uid);
      const patch = { metadata: { resourceVersion: m.resourceVersion, ownerReferences } };
      await unlessGone(client.patch(of, m.namespace ?? '', m.name ?? '', patch));
    },
  );
  await dropFinalizer(resource, object, 'orphan', client);
}

/** Lets the object go once no dependent holds it back, and sees to it that those go that do. */
async function waitForDependents(
  resource: Resource,
  object: KubeObject,
  live: Reader,
  ctx: ReconcileContext,
): Promise<void> {
  const { uid } = object.metadata;
  const holds = ({ object: { metadata } }: Dependent) =>
    metadata.uid !== uid && metadata.ownerReferences?.some((owner) => owner.uid === uid && blocks(owner));
  const dependents = await dependentsOf(object, ctx.client);
  if (!dependents.some(holds)) return dropFinalizer(resource, object, 'foregroundDeletion', ctx.client);
  await parallel(dependents, 16, async ({ resource: of, object: dependent }) => {
    if (!dependent.metadata.deletionTimestamp) await decide(of, dependent, live, ctx);
  });
}

async function dropFinalizer(resource: Resource, object: KubeObject, finalizer: string, client: Client) {
  const { namespace = '', name = '', resourceVersion } = object.metadata;
  const finalizers = (object.metadata.finalizers ?? []).filter((f) => f !== finalizer);
  await unlessGone(client.patch(resource, namespace, name, { metadata: { resourceVersion, finalizers } }));
}
