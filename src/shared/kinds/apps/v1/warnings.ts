import { podWarnings } from '../../core/v1/pod/warnings/index.ts';
import { nameWarnings } from '../../core/v1/pod/warnings/name.ts';
import type { ObjectMeta, PodTemplateSpec } from '../../schema/types.ts';

interface Workload {
  metadata: ObjectMeta;
  spec?: { template?: PodTemplateSpec };
}

/** Names of Pods begin with that of what makes them. */
export function warnings({ metadata, spec }: Workload, old?: Workload): string[] {
  if (old && metadata.generation === old.metadata.generation) return [];
  return [
    ...(old ? [] : nameWarnings(metadata.name ?? '', 'Pod names and hostnames')),
    ...templateWarnings({ metadata, ...(spec && { spec }) }, old),
  ];
}

/** Returns the warnings about the template; on a change, only when the spec changed. */
export const templateWarnings = ({ metadata, spec }: Workload, old?: Workload): string[] =>
  old && metadata.generation === old.metadata.generation
    ? []
    : podWarnings('spec.template.', spec?.template?.metadata, spec?.template?.spec);
