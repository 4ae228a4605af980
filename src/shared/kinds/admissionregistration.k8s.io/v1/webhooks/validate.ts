import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123SubdomainProblems } from '../../../../meta/names.ts';
import type { MutatingWebhook, ValidatingWebhook } from '../../../schema/types.ts';
import { duplicate, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { validSelector } from '../../../validation/labels.ts';
import { isSame } from '../../../validation/same.ts';
import { clientConfigCauses, reviewVersionCauses } from '../../../validation/webhookClient.ts';
import { matchConditionCauses } from '../policy/matchConditions.ts';
import { ruleWithOperationsCauses } from '../policy/matchResources.ts';

type Webhook = ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;

/** Findings about the webhooks of a configuration, mutating or validating. */
export function webhooksCauses(webhooks: readonly Webhook[] = [], old?: readonly Webhook[]): Cause[] {
  // Conditions that were let in once stay when none of them changes.
  const keepsConditions =
    old?.length === webhooks.length &&
    webhooks.every(({ matchConditions }, i) => isSame(matchConditions, old[i]?.matchConditions));
  return webhooks.flatMap((webhook, i) => {
    const at = `webhooks[${i}]`;
    const isSecond = webhooks.findIndex(({ name }) => name === webhook.name) < i;
    return [
      ...webhookCauses(at, webhook),
      ...(keepsConditions ? [] : matchConditionCauses(`${at}.matchConditions`, webhook.matchConditions)),
      ...reviewVersionCauses(
        `${at}.admissionReviewVersions`,
        webhook.admissionReviewVersions,
        true,
        'must specify one of v1, v1beta1',
      ),
      ...(isSecond && webhook.name ? [duplicate(`${at}.name`, webhook.name)] : []),
    ];
  });
}

const sideEffectClasses = ['None', 'NoneOnDryRun'];

function webhookCauses(at: string, webhook: Webhook): Cause[] {
  const { name, rules = [], sideEffects, timeoutSeconds: seconds } = webhook;
  const among = (field: keyof Webhook, ...values: string[]) => {
    const value = webhook[field];
    if (value === undefined || values.includes(value as string)) return [];
    return [notSupported(`${at}.${field}`, value, values)];
  };
  return [
    ...nameCauses(`${at}.name`, name),
    ...rules.flatMap((rule, i) => ruleWithOperationsCauses(`${at}.rules[${i}]`, rule)),
    ...among('failurePolicy', 'Fail', 'Ignore'),
    ...among('matchPolicy', 'Equivalent', 'Exact'),
    ...(sideEffects === undefined
      ? [required(`${at}.sideEffects`, `must specify one of ${sideEffectClasses.join(', ')}`)]
      : among('sideEffects', ...sideEffectClasses)),
    ...(seconds !== undefined && (seconds < 1 || seconds > 30)
      ? [invalidValue(`${at}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds')]
      : []),
    ...validSelector(`${at}.namespaceSelector`, webhook.namespaceSelector),
    ...validSelector(`${at}.objectSelector`, webhook.objectSelector),
    ...among('reinvocationPolicy', 'IfNeeded', 'Never'),
    ...clientConfigCauses(`${at}.clientConfig`, webhook.clientConfig),
  ];
}

/** Names of webhooks have three parts at least. */
function nameCauses(field: string, name: string): Cause[] {
  if (!name) return [required(field)];
  const problems = dns1123SubdomainProblems(name);
  if (problems.length > 0) return [invalidValue(field, name, problems.join(','))];
  if (name.split('.').length >= 3) return [];
  return [invalidValue(field, name, 'should be a domain with at least three segments separated by dots')];
}
