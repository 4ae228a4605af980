import type { Pod } from '../../kinds/schema/types.ts';

type Named = { name: string; image?: string };

/** Returns whether a change of a Pod is one that its level has a say in: another image, or another container. */
export function isSignificant({ spec }: Pod, { spec: old }: Pod): boolean {
  const isOther = (now: readonly Named[] = [], before: readonly Named[] = []) =>
    now.length !== before.length || now.some(({ image }, i) => image !== before[i]?.image);
  const known = new Map((old?.ephemeralContainers ?? []).map(({ name, image }) => [name, image]));
  return (
    isOther(spec?.containers, old?.containers) ||
    isOther(spec?.initContainers, old?.initContainers) ||
    (spec?.ephemeralContainers ?? []).some(({ name, image }) => !known.has(name) || known.get(name) !== image)
  );
}
