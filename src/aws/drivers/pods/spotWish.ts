import type { Pod } from '../../../shared/kinds/schema/types.ts';

/** Label, taint and annotation that tell Spot from on demand. */
export const capacityType = 'shallop.dev/capacity-type';

/** By annotation or node selector, or by a toleration that names Spot; one that tolerates everything is no wish. */
export function spotWish({ metadata, spec }: Pod): 'asked' | 'tolerated' | undefined {
  if (metadata.annotations?.[capacityType] === 'spot' || spec?.nodeSelector?.[capacityType] === 'spot')
    return 'asked';
  const names = (spec?.tolerations ?? []).some(({ key, value }) => key === capacityType && value === 'spot');
  return names ? 'tolerated' : undefined;
}
