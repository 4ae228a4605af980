import { dns1123LabelProblems } from '../../../meta/names.ts';
import { podWarnings } from '../../core/v1/pod/warnings/index.ts';
import type { ObjectMeta, PodTemplateSpec } from '../../schema/types.ts';

interface Workload {
  metadata: ObjectMeta;
  spec?: { template?: PodTemplateSpec };
}

/** Names of Pods begin with that of what makes them. */
export function warnings({ metadata, spec }: Workload, old?: Workload): string[] {
  if (old && metadata.generation === old.metadata.generation) return [];
  const problems = old ? [] : dns1123LabelProblems(metadata.name ?? '');
  const hint = 'this is used in Pod names and hostnames, which can result in surprising behavior';
  return [
    ...(problems.length > 0
      ? [`metadata.name: ${hint}; a DNS label is recommended: [${problems.join(' ')}]`]
      : []),
    ...templateWarnings({ metadata, ...(spec && { spec }) }, old),
  ];
}

/** Returns the warnings about the template; on a change, only when the spec changed. */
export const templateWarnings = ({ metadata, spec }: Workload, old?: Workload): string[] =>
  old && metadata.generation === old.metadata.generation
    ? []
    : podWarnings('spec.template.', spec?.template?.metadata, spec?.template?.spec);
