import { isComing, type Soon } from '../../meta/soon.ts';
import { trusted } from '../../storage/compiled/trusted.ts';
import { normalise } from '../normalise.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { Reinvocation } from '../reinvocation.ts';
import type { Subject } from '../subject.ts';
import { appliesTo } from './applies.ts';
import { askWebhook, type Means } from './call.ts';
import { type Hook, hooksIn } from './hooks.ts';
import { patchedBy } from './patch.ts';
import { isExempt, settleFailure, type WebhookOptions } from './plugin.ts';

const annotation = 'mutation.webhook.admission.k8s.io';

/** Has webhooks change requests, one after the other, and those that wish it once more after others changed them. */
export function mutatingWebhooks(options: WebhookOptions): AdmissionPlugin {
  const { storage, clock, trustedMs = 0 } = options;
  const hooks = trusted(hooksIn(storage, 'mutatingwebhookconfigurations'), clock, trustedMs);
  const requests = new WeakMap<Admission, Reinvocation>();
  return {
    name: 'MutatingAdmissionWebhook',
    admit: (admission) => {
      if (isExempt(admission)) return false;
      const all = hooks(admission.cluster);
      if (isComing(all)) return all.then((each) => askThem(each, admission));
      return askThem(all, admission);
    },
  };

  function askThem(all: readonly Hook[], admission: Admission): Soon<boolean> {
    if (all.length === 0) return false;
    const again = requests.get(admission) ?? new Reinvocation();
    requests.set(admission, again);
    return callAll(options, all, admission, again);
  }
}

/** @returns whether one of them changed the object. */
async function callAll(
  options: WebhookOptions,
  hooks: readonly Hook[],
  admission: Admission,
  again: Reinvocation,
): Promise<boolean> {
  const applies = appliesTo(options, admission);
  normalise(admission);
  if (admission.isReinvocation) again.begin(admission.object);
  const round = admission.isReinvocation ? 1 : 0;
  let isChanged = false;
  for (const [index, hook] of hooks.entries()) {
    const subject = await applies(hook);
    if (!subject || (admission.isReinvocation && !again.includes(hook.id))) continue;
    const key = `${annotation}/round_${round}_index_${index}`;
    const isMutated = await call(options, hook, admission, subject, key);
    const { configuration, webhook } = hook;
    admission.annotate(key, JSON.stringify({ configuration, webhook: webhook.name, mutated: isMutated }));
    if (isMutated) {
      isChanged = true;
      again.changed();
      admission.reinvoke();
    }
    again.called(hook.id, hook.webhook.reinvocationPolicy);
  }
  again.end(admission.object);
  return isChanged;
}

/** @returns whether the webhook changed the object. */
async function call(
  means: Means,
  hook: Hook,
  admission: Admission,
  subject: Subject,
  key: string,
): Promise<boolean> {
  try {
    const answer = await askWebhook(means, hook, admission, subject, true);
    const patched = patchedBy(hook.webhook.name, answer, subject, admission.operation);
    if (!patched || JSON.stringify(patched) === JSON.stringify(subject.object)) return false;
    admission.object = await subject.back(subject.schema.withDefaults(patched));
    return true;
  } catch (error) {
    settleFailure(error, hook, admission, key);
    return false;
  }
}
