import type { Cause } from '../../../../errors/apiError.ts';
import { labelSelectorFrom } from '../../../../meta/labels.ts';
import { dns1123LabelProblems } from '../../../../meta/names.ts';
import { validPodTemplate } from '../../../core/v1/podtemplate/validate.ts';
import type {
  PodTemplateSpec,
  StatefulSet,
  StatefulSetSpec,
  StatefulSetUpdateStrategy,
} from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { validClaimSpec } from '../../../validation/claimSpec.ts';
import { isApplicable, validAnnotations, validLabels, validSelector } from '../../../validation/labels.ts';
import { checked, nonNegative } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';
import { validRunning } from '../template.ts';

export function validate({ spec }: StatefulSet, old?: StatefulSet): Cause[] {
  const found = validSpec(spec ?? ({} as StatefulSetSpec), !old);
  return old ? [...found, ...validChange(spec, old.spec)] : found;
}

const changeable = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
] as const;

function validChange(spec: StatefulSetSpec | undefined, before: StatefulSetSpec | undefined): Cause[] {
  const fixed = { ...spec };
  const was = { ...before };
  for (const name of changeable) {
    delete fixed[name];
    delete was[name];
  }
  const why =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return isSame(fixed, was) ? [] : [forbidden('spec', why)];
}

function validSpec(spec: StatefulSetSpec, isNew: boolean): Cause[] {
  const { podManagementPolicy: management, serviceName, volumeClaimTemplates = [] } = spec;
  const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  return [
    ...(['OrderedReady', 'Parallel'].includes(management ?? '')
      ? []
      : [invalidValue('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'")]),
    ...validStrategy('spec.updateStrategy', spec.updateStrategy ?? {}),
    ...validRetention('whenDeleted', whenDeleted),
    ...validRetention('whenScaled', whenScaled),
    ...(isNew
      ? volumeClaimTemplates.flatMap((claim, i) =>
          validClaimSpec(`spec.volumeClaimTemplates[${i}].spec`, claim.spec ?? {}),
        )
      : []),
    ...nonNegative('spec.replicas', spec.replicas),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegative('spec.ordinals.start', spec.ordinals?.start),
    ...(isNew && serviceName ? checked('spec.serviceName', serviceName, dns1123LabelProblems) : []),
    ...validPods(spec),
  ];
}

const validRetention = (name: string, value: string | undefined): Cause[] => {
  const supported = ['Retain', 'Delete'];
  const field = `spec.persistentVolumeClaimRetentionPolicy.${name}`;
  return value === undefined || supported.includes(value) ? [] : [notSupported(field, value, supported)];
};

function validStrategy(at: string, { type, rollingUpdate }: StatefulSetUpdateStrategy): Cause[] {
  if (type === 'RollingUpdate') return nonNegative(`${at}.rollingUpdate.partition`, rollingUpdate?.partition);
  const shown = rollingUpdate && {
    Partition: rollingUpdate.partition ?? 0,
    MaxUnavailable: rollingUpdate.maxUnavailable ?? null,
  };
  if (type === 'OnDelete') {
    const why = "only allowed for updateStrategy 'RollingUpdate'";
    return rollingUpdate ? [invalidValue(`${at}.rollingUpdate`, shown, why)] : [];
  }
  const value = { Type: type, RollingUpdate: shown ?? null };
  return [invalidValue(at, value, "must be 'RollingUpdate' or 'OnDelete'")];
}

function validPods(spec: StatefulSetSpec): Cause[] {
  const { selector, template = {} } = spec;
  const field = 'spec.selector';
  const causes = selector ? validSelector(field, selector) : [required(field)];
  const count = [...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? [])].length;
  if (selector && count === 0)
    causes.push(invalidValue(field, selector, 'empty selector is invalid for statefulset'));
  const at = 'spec.template';
  if (!isApplicable(selector)) causes.push(invalidValue(field, selector, ''));
  else {
    const labels = template.metadata?.labels;
    if ((!selector || count > 0) && !labelSelectorFrom(selector).matches(labels)) {
      const why = '`selector` does not match template `labels`';
      causes.push(invalidValue(`${at}.metadata.labels`, labels, why));
    }
    causes.push(...validPodTemplate(at, asRun(template, spec)));
    // A real server says it twice.
    causes.push(...validLabels(`${at}.labels`, labels));
    causes.push(...validAnnotations(`${at}.annotations`, template.metadata?.annotations));
  }
  return [...causes, ...validRunning(at, template, 'StatefulSet')];
}

/** The template with the volumes that each Pod gets, and without the host name, which it gets too. */
function asRun(template: PodTemplateSpec, { volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  if (!template.spec) return template;
  const { subdomain: _, hostname: __, volumes = [], ...spec } = template.spec;
  const names = volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? '');
  const own = [...new Set(names)].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const all = [...own, ...volumes.filter(({ name }) => !names.includes(name))];
  return { ...template, spec: { ...spec, ...(all.length > 0 && { volumes: all }) } };
}
