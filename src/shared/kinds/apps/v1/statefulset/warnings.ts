import type { StatefulSet } from '../../../schema/types.ts';
import { templateWarnings } from '../warnings.ts';

/** Returns what a client is warned of when it writes a StatefulSet; nothing here refuses the write. */
export const warnings = (set: StatefulSet, old?: StatefulSet): string[] => [
  ...templateWarnings(set, old),
  ...((set.spec?.revisionHistoryLimit ?? 0) < 0
    ? [
        'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
      ]
    : []),
];
