import type { Job } from '../../../schema/types.ts';
import { sortedByKey } from '../../../schema/zero.ts';
import { controllerUidLabel, jobNameLabel, legacyControllerUidLabel, legacyJobNameLabel } from './labels.ts';

/** Gives the Pods labels that no other Job's have, and selects by them, unless the client chose its own selector. */
export function prepareForCreate({ metadata, spec }: Job): void {
  if (!spec || spec.manualSelector) return;
  const { name = '', uid = '' } = metadata;
  const template = spec.template ?? { spec: { containers: [] } };
  const own = {
    [legacyJobNameLabel]: name,
    [jobNameLabel]: name,
    [legacyControllerUidLabel]: uid,
    [controllerUidLabel]: uid,
  };
  // Labels that are there already are left: validation refuses those that differ.
  const labels = sortedByKey({ ...own, ...template.metadata?.labels });
  spec.template = { ...template, metadata: { ...template.metadata, labels } };
  if (Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
  const { matchLabels, ...selector } = spec.selector ?? {};
  spec.selector = { matchLabels: sortedByKey({ [controllerUidLabel]: uid, ...matchLabels }), ...selector };
}
