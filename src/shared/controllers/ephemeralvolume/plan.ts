import type { PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import { controllerReference } from '../../meta/object.ts';
import { claimNameOf } from '../../podspec/claims.ts';

/** Returns the claims that the volumes of a Pod's own are mounted through, with the names of these volumes. */
export function claimsFor(pod: Pod): { volume: string; claim: PersistentVolumeClaim }[] {
  return (pod.spec?.volumes ?? []).flatMap((volume) => {
    const template = volume.ephemeral?.volumeClaimTemplate;
    if (!template) return [];
    const { labels, annotations } = template.metadata ?? {};
    const metadata: PersistentVolumeClaim['metadata'] = {
      namespace: pod.metadata.namespace ?? '',
      name: claimNameOf(pod, volume) ?? '',
      ownerReferences: [controllerReference({ apiVersion: 'v1', kind: 'Pod', metadata: pod.metadata })],
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    };
    return [{ volume: volume.name, claim: { metadata, spec: template.spec } }];
  });
}
