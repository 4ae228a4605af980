import type { PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import { claimNames, foreignClaim } from '../../podspec/claims.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { persistentVolumeClaims, pods } from '../resources.ts';
import { claimsFor } from './plan.ts';

/** Makes the claims of a Pod's ephemeral volumes. The Pod owns them, so they are deleted with it. */
export const ephemeralVolume: Controller = {
  name: 'ephemeral-volume-controller',
  watches: [
    watching<Pod>({
      resource: pods,
      keys: (pod, _, { deleted }) => (!deleted && hasOwnVolumes(pod) ? [keyOf(pod)] : []),
    }),
    watching<PersistentVolumeClaim>({
      resource: persistentVolumeClaims,
      // A claim that went, by mistake or because it was in the way, is made anew.
      async keys({ metadata: { namespace = '', name = '' } }, _, { deleted, client }) {
        if (!deleted) return [];
        const all = await client.list(pods, { namespace });
        return all.filter((pod) => hasOwnVolumes(pod) && claimNames(pod).includes(name)).map(keyOf);
      },
    }),
  ],

  async reconcile({ namespace, name }, ctx) {
    const pod = await ctx.client.get(pods, namespace, name);
    if (!pod || pod.metadata.deletionTimestamp) return undefined;
    for (const { volume, claim } of claimsFor(pod)) {
      const there = await ctx.client.get(persistentVolumeClaims, namespace, claim.metadata.name ?? '');
      const conflict = there && foreignClaim(pod, there);
      if (conflict) {
        failed(pod, volume, conflict, ctx);
        return undefined;
      }
      if (!there) await make(pod, volume, claim, ctx);
    }
    return undefined;
  },
};

const hasOwnVolumes = ({ spec }: Pod): boolean => Boolean(spec?.volumes?.some(({ ephemeral }) => ephemeral));

async function make(pod: Pod, volume: string, claim: PersistentVolumeClaim, ctx: ReconcileContext) {
  try {
    await ctx.client.create(persistentVolumeClaims, claim);
  } catch (error) {
    failed(pod, volume, `create PVC ${claim.metadata.name}: ${(error as Error).message}`, ctx);
    throw error;
  }
}

const failed = (pod: Pod, volume: string, why: string, { events }: ReconcileContext): void =>
  events(pod, { type: 'Warning', reason: 'FailedBinding', message: `ephemeral volume ${volume}: ${why}` });
