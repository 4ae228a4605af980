import type { Cause } from '../../../../../errors/apiError.ts';
import type { Job, JobSpec, PodTemplateSpec } from '../../../../schema/types.ts';
import { invalidValue } from '../../../../validation/causes.ts';
import { immutable } from '../../../../validation/rules.ts';
import { isSame } from '../../../../validation/same.ts';

/** Checks what an update may not change. */
export function validChange(spec: JobSpec, old: Job): Cause[] {
  const before = old.spec ?? ({} as JobSpec);
  const fixed = [
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
    'managedBy',
    'successPolicy',
  ] as const;
  return [
    ...validCompletions(spec, before),
    ...immutable('spec.selector', spec.selector, before.selector),
    ...immutable('spec.template', spec.template, allowedTemplate(spec.template, old)),
    ...fixed.flatMap((name) => immutable(`spec.${name}`, spec[name], before[name])),
  ];
}

/** An Indexed Job grows and shrinks when as many Pods may run as have to complete. */
function validCompletions(spec: JobSpec, before: JobSpec): Cause[] {
  const field = 'spec.completions';
  const { completions, parallelism } = spec;
  if (spec.completionMode !== 'Indexed') return immutable(field, completions, before.completions);
  if (isSame(completions, before.completions) || completions === undefined || completions === parallelism)
    return [];
  return [invalidValue(field, completions, 'can only be modified in tandem with spec.parallelism')];
}

/** The old template, with what may be changed of it: where Pods of a Job run, as long as none has been started. */
function allowedTemplate(next: PodTemplateSpec, { spec, status }: Job): PodTemplateSpec | undefined {
  const before = spec?.template;
  const to = next?.spec;
  if (!spec?.suspend || status?.startTime || !before?.spec || !to) return before;
  const { affinity, nodeSelector: _, tolerations: __, schedulingGates: ___, ...rest } = before.spec;
  const { nodeAffinity: ____, ...others } = affinity ?? {};
  const nodeAffinity = to.affinity?.nodeAffinity;
  const merged = { ...(nodeAffinity && { nodeAffinity }), ...others };
  const isEmpty = !to.affinity && Object.keys(merged).length === 0;
  return {
    ...before,
    metadata: {
      ...before.metadata,
      ...(next.metadata?.labels && { labels: next.metadata.labels }),
      ...(next.metadata?.annotations && { annotations: next.metadata.annotations }),
    },
    spec: {
      ...rest,
      ...((affinity || to.affinity) && !isEmpty && { affinity: merged }),
      ...(to.nodeSelector && { nodeSelector: to.nodeSelector }),
      ...(to.tolerations && { tolerations: to.tolerations }),
      ...(to.schedulingGates && { schedulingGates: to.schedulingGates }),
    },
  };
}
