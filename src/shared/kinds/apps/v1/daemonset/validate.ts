import type { Cause } from '../../../../errors/apiError.ts';
import { labelSelectorFrom } from '../../../../meta/labels.ts';
import { percentProblems } from '../../../../meta/names.ts';
import type {
  DaemonSet,
  DaemonSetSpec,
  DaemonSetUpdateStrategy,
  IntOrString,
} from '../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { isApplicable, validSelector } from '../../../validation/labels.ts';
import { checked, immutable, nonNegative } from '../../../validation/rules.ts';
import { validCollisions } from '../counts.ts';
import { validPodsOfTemplate } from '../template.ts';

export function validate({ spec }: DaemonSet, old?: DaemonSet): Cause[] {
  const found = validSpec(spec ?? ({} as DaemonSetSpec));
  return old ? [...immutable('spec.selector', spec?.selector, old.spec?.selector), ...found] : found;
}

function validSpec(spec: DaemonSetSpec): Cause[] {
  const { selector, template = {} } = spec;
  const labels = template.metadata?.labels;
  const causes = validSelector('spec.selector', selector);
  if (isApplicable(selector) && !labelSelectorFrom(selector).matches(labels)) {
    const why = '`selector` does not match template `labels`';
    causes.push(invalidValue('spec.template.metadata.labels', labels, why));
  }
  const count = [...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? [])].length;
  if (selector && count === 0)
    causes.push(invalidValue('spec.selector', selector, 'empty selector is invalid for daemonset'));
  return [
    ...causes,
    ...validPodsOfTemplate('spec.template', template, 'DaemonSet'),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...validStrategy('spec.updateStrategy', spec.updateStrategy ?? {}),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ];
}

function validStrategy(at: string, { type, rollingUpdate }: DaemonSetUpdateStrategy): Cause[] {
  if (type === 'OnDelete') return [];
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  if (type !== 'RollingUpdate') {
    const shown = rollingUpdate ? { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge } : null;
    return [notSupported(at, { Type: type, RollingUpdate: shown }, ['RollingUpdate', 'OnDelete'])];
  }
  const field = `${at}.rollingUpdate`;
  if (!rollingUpdate) return [required(field)];
  const amounts = { maxUnavailable, maxSurge };
  const causes = Object.entries(amounts).flatMap(([name, amount]) => validAmount(`${field}.${name}`, amount));
  for (const [name, amount] of Object.entries(amounts))
    if (typeof amount === 'string' && amountOf(amount) > 100)
      causes.push(invalidValue(`${field}.${name}`, amount, 'must not be greater than 100%'));
  const [down, surge] = [amountOf(maxUnavailable), amountOf(maxSurge)];
  if (down !== 0 && surge !== 0)
    causes.push(
      invalidValue(`${field}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'),
    );
  if (down === 0 && surge === 0)
    causes.push(required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  return causes;
}

const validAmount = (field: string, amount: IntOrString): Cause[] =>
  typeof amount === 'string' ? checked(field, amount, percentProblems) : nonNegative(field, amount);

/** The number before the percent sign; of other text what Go's Atoi makes of it, or 0. */
const amountOf = (amount: IntOrString): number =>
  typeof amount === 'number' ? amount : /^[0-9]+%?$/.test(amount) ? Number.parseInt(amount, 10) : 0;

export function validateStatus({ status }: DaemonSet, old: DaemonSet): Cause[] {
  const names = [
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'observedGeneration',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
    'collisionCount',
  ] as const;
  return [
    ...names.flatMap((name) => nonNegative(`status.${name}`, status?.[name])),
    ...validCollisions(status?.collisionCount, old.status?.collisionCount),
  ];
}
