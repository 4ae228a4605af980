import type { Resource } from '../../kinds/kind.ts';
import type { HorizontalPodAutoscaler, Scale } from '../../kinds/schema/types.ts';
import type { ReconcileContext } from '../controller.ts';

/** Describes what an autoscaler scales. */
export interface ScaleTarget {
  scale: Scale;
  resize(replicas: number): Promise<void>;
}

/** Throws Error in words for people when there is no such thing, or it has no size. */
export async function scaleOf(
  { metadata, spec }: HorizontalPodAutoscaler,
  { client }: ReconcileContext,
): Promise<ScaleTarget> {
  const { kind, name, apiVersion = '' } = spec!.scaleTargetRef;
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  const served = (await client.resources()).find((r) => r.kind === kind && r.group === group);
  if (!served) throw new Error(`no matches for kind "${kind}" in group "${group}"`);
  const { namespace = '' } = metadata;
  // A patch that says nothing reads: every subresource answers it with what there is.
  const patch = async (body: object) =>
    (await client.patch(served as Resource, namespace, name, body, 'scale')) as unknown as Scale;
  const scale = await patch({});
  return {
    scale,
    resize: async (replicas) => {
      await patch({ spec: { replicas } });
    },
  };
}
