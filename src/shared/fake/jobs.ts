import type { Pod } from '../kinds/schema/types.ts';
import type { Behaviour } from './podLife.ts';

const completes: Behaviour = { exits: { code: 0 } };
const runs: Behaviour = {};

/** Lets the Pods of Jobs end with success at once, as KWOK does: else a chart's hooks would be waited for in vain. */
export const jobsComplete = ({ metadata }: Pod): Behaviour =>
  metadata.ownerReferences?.some(({ kind }) => kind === 'Job') ? completes : runs;
