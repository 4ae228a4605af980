import { isComing, type Soon } from '../../meta/soon.ts';
import { trusted } from '../../storage/compiled/trusted.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import type { Subject } from '../subject.ts';
import { appliesTo } from './applies.ts';
import { askWebhook, type Means } from './call.ts';
import { type Hook, hooksIn } from './hooks.ts';
import { isExempt, settleFailure, type WebhookOptions } from './plugin.ts';

const annotation = 'validating.webhook.admission.k8s.io';

/** Has webhooks judge requests: all that are concerned at once. The first of them that refuses one is named. */
export function validatingWebhooks(options: WebhookOptions): AdmissionPlugin {
  const { storage, clock, trustedMs = 0 } = options;
  const hooks = trusted(hooksIn(storage, 'validatingwebhookconfigurations'), clock, trustedMs);
  return {
    name: 'ValidatingAdmissionWebhook',
    validate: (admission) => {
      if (isExempt(admission)) return;
      const all = hooks(admission.cluster);
      if (isComing(all) || all.length > 0) return askAll(options, all, admission);
    },
  };
}

async function askAll(options: WebhookOptions, hooks: Soon<readonly Hook[]>, admission: Admission) {
  const applies = appliesTo(options, admission);
  const concerned: [Hook, Subject][] = [];
  for (const hook of await hooks) {
    const subject = await applies(hook);
    if (subject) concerned.push([hook, subject]);
  }
  const answers = await Promise.allSettled(
    concerned.map(([hook, subject], i) => judge(options, hook, admission, subject, i)),
  );
  const refused = answers.find(({ status }) => status === 'rejected');
  if (refused) throw (refused as PromiseRejectedResult).reason;
}

async function judge(means: Means, hook: Hook, admission: Admission, subject: Subject, index: number) {
  try {
    await askWebhook(means, hook, admission, subject, false);
  } catch (error) {
    settleFailure(error, hook, admission, `${annotation}/round_0_index_${index}`);
  }
}
