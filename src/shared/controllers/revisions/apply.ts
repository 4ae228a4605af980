import { isReason } from '../../errors/apiError.ts';
import type { ControllerRevision, LabelSelector } from '../../kinds/schema/types.ts';
import { controllerOf, controllerReference } from '../../meta/object.ts';
import { canonical } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { selects } from '../common/selector.ts';
import type { ReconcileContext } from '../controller.ts';
import { controllerRevisions } from '../resources.ts';
import type { Revisions, Versioned } from './plan.ts';

/** The revisions that it controls, after adopting those that fit and have no controller. */
export async function claimRevisions(
  owner: Versioned,
  selector: LabelSelector | undefined,
  { client }: ReconcileContext,
): Promise<ControllerRevision[]> {
  const { namespace = '', uid = '', deletionTimestamp } = owner.metadata;
  const owned = (await client.list(controllerRevisions, { namespace, owner: uid })).filter(
    (revision) => controllerOf(revision)?.uid === uid,
  );
  // Only an owner that was made anew finds revisions that nobody owns.
  if (deletionTimestamp || owned.length > 0) return owned;
  const loose = (await client.list(controllerRevisions, { namespace })).filter(
    (revision) =>
      !controllerOf(revision) &&
      !revision.metadata.deletionTimestamp &&
      selects(selector, revision.metadata.labels),
  );
  const adopted = loose.map(({ metadata: { name = '', resourceVersion, ownerReferences = [] } }) =>
    client.patch(controllerRevisions, namespace, name, {
      metadata: { resourceVersion, ownerReferences: [...ownerReferences, controllerReference(owner)] },
    }),
  );
  return Promise.all(adopted);
}

/** Sees to it that the revision of the template is there. False when its name is taken by another template. */
export async function keepRevision(
  { update, change }: Revisions,
  { client }: ReconcileContext,
): Promise<boolean> {
  const { namespace = '', name = '', resourceVersion } = update.metadata;
  if (change === 'renumber') {
    const patch = { metadata: { resourceVersion }, revision: update.revision };
    await client.patch(controllerRevisions, namespace, name, patch);
  }
  if (change !== 'create') return true;
  try {
    await client.create(controllerRevisions, update);
    return true;
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
  const there = await client.get(controllerRevisions, namespace, name);
  if (!there) throw new Error('a controller revision of that name is not visible yet');
  return canonical(there.data) === canonical(update.data);
}

/** Deletes revisions beyond the history limit; one that somebody else has deleted is passed over. */
export async function removeRevisions(
  surplus: ControllerRevision[],
  { client }: ReconcileContext,
): Promise<void> {
  for (const { metadata } of surplus) {
    const { namespace = '', name = '', uid = '' } = metadata;
    await unlessGone(client.delete(controllerRevisions, namespace, name, { uid }));
  }
}
