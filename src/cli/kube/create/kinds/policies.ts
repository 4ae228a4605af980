import { parseQuantity } from '../../../../shared/meta/quantity.ts';
import { numberOf } from '../../scene.ts';
import { headOf, type Make, nameIn, numberOrName, required } from './made.ts';

/** `poddisruptionbudget NAME --selector=… --min-available=…`. */
export const podDisruptionBudget: Make = ({ call }, words) => {
  const object = headOf('policy/v1', 'PodDisruptionBudget', nameIn(words));
  const selector = call.text('selector');
  if (!selector) throw new Error('a selector must be specified');
  const [min, max] = [call.text('min-available'), call.text('max-unavailable')];
  if (!min && !max) throw new Error('one of min-available or max-unavailable must be specified');
  if (min && max) throw new Error('min-available and max-unavailable cannot be both specified');
  const form = /^[0-9]+%?$/;
  for (const [option, value] of Object.entries({ 'min-available': min, 'max-unavailable': max }))
    if (value && !form.test(value)) throw new Error(`invalid format specified for ${option}`);
  const spec = {
    ...(max && { maxUnavailable: numberOrName(max) }),
    ...(min && { minAvailable: numberOrName(min) }),
    selector: { matchLabels: labelsIn(selector) },
  };
  const status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
  return { object: { ...object, spec, status }, failed: 'failed to create poddisruptionbudgets:' };
};

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [, key, value = ''] = /^\s*([^=!\s]+)\s*==?\s*([^=!\s]*)\s*$/.exec(pair) ?? [];
      if (key === undefined) throw new Error(`couldn't parse the selector string "${text}"`);
      return [key, value];
    }),
  );
}

/** `quota NAME --hard=pods=3,cpu=1`. */
export const quota: Make = ({ call }, words) => {
  const object = headOf('v1', 'ResourceQuota', nameIn(words));
  const hard = (call.text('hard') || undefined)?.split(',').map((pair) => {
    const parts = pair.split('=');
    if (parts.length !== 2) throw new Error(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
    if (parseQuantity(parts[1]!) === undefined)
      throw new Error(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    return parts;
  });
  const scopes = (call.text('scopes') || undefined)?.split(',');
  if (scopes?.includes('')) throw new Error('invalid resource quota scope ""');
  const spec = { ...(hard && { hard: Object.fromEntries(hard) }), ...(scopes && { scopes }) };
  return { object: { ...object, spec, status: {} }, failed: 'failed to create quota:' };
};

/** `priorityclass NAME --value=…`. */
export const priorityClass: Make = ({ call }, words) => {
  const object = headOf('scheduling.k8s.io/v1', 'PriorityClass', nameIn(words));
  const description = call.text('description');
  return {
    object: {
      ...object,
      ...(description && { description }),
      ...(call.flag('global-default') && { globalDefault: true }),
      preemptionPolicy: call.text('preemption-policy') ?? 'PreemptLowerPriority',
      value: numberOf(call, 'value') ?? 0,
    },
    failed: 'failed to create priorityclass:',
  };
};

/** `cronjob NAME --image=… --schedule=…`. */
export const cronJob: Make = (scene, words, command) => {
  const name = nameIn(words);
  const [image, schedule] = required(scene, 'image', 'schedule');
  const container = { ...(command.length && { command }), image, name, resources: {} };
  const restartPolicy = scene.call.text('restart') || 'OnFailure';
  const template = { metadata: {}, spec: { containers: [container], restartPolicy } };
  return {
    object: {
      ...headOf('batch/v1', 'CronJob', name),
      spec: { jobTemplate: { metadata: { name }, spec: { template } }, schedule },
      status: {},
    },
    failed: 'failed to create cronjob:',
  };
};
