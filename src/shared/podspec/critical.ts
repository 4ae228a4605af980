import type { Pod } from '../kinds/schema/types.ts';

/** Is the priority from which on a Pod is one that a cluster cannot be without. */
const criticalPriority = 2_000_000_000;

/** Returns whether a node makes room for the Pod and evicts it never. */
export const isCritical = ({ spec }: Pod): boolean => (spec?.priority ?? 0) >= criticalPriority;
