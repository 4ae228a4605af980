import { matchOf } from '../matching/index.ts';
import type { Place } from '../matching/rules.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission } from '../plugin.ts';
import { evaluationsFor } from '../policy/decide.ts';
import { conditionsHold } from '../policy/matchConditions.ts';
import { namespaceOf, ownNamespace } from '../policy/namespace.ts';
import { dataOf } from '../policy/request.ts';
import { refused } from '../refuse.ts';
import { type Subject, subjectAt } from '../subject.ts';
import type { Hook } from './hooks.ts';

/** Tells of one request which webhooks are to be called, looking up its namespace at most once. */
export type Applies = (hook: Hook) => Promise<Subject | undefined>;

/**
 * Returns what the webhook is to be shown; undefined when it is not called.
 * @throws NotFound, when its namespace would have to be known. Forbidden, when a condition cannot be evaluated.
 */
export function appliesTo(options: AdmissionOptions, admission: Admission): Applies {
  const { namespace, labels } = namespaceOf(options.storage, admission);
  const evaluated = evaluationsFor(options, admission);

  const conditionsOf = async (hook: Hook, subject: Subject): Promise<boolean> => {
    const { matchConditions, failurePolicy } = hook.webhook;
    if (!matchConditions?.length) return true;
    const data = dataOf({
      admission,
      shown: subject,
      place: subject.place,
      params: undefined,
      namespace: await ownNamespace(admission, namespace),
    });
    const held = await evaluated('webhook', hook.id, { matchConditions, failurePolicy }, data, (bindings) =>
      conditionsHold(hook.conditions(), bindings, failurePolicy),
    );
    if ('error' in held) throw refused(admission.kind, admission.name, held.error);
    return held.holds;
  };

  return async (hook) => {
    const place = await placeFor(hook, admission, labels);
    if (!place) return undefined;
    const subject = await subjectAt(admission, place);
    return (await conditionsOf(hook, subject)) ? subject : undefined;
  };
}

/** Returns where a rule of the webhook finds the request. Without rules it is never called. */
async function placeFor(
  { webhook: { rules, matchPolicy, namespaceSelector, objectSelector } }: Hook,
  admission: Admission,
  labels: () => Promise<Record<string, string> | undefined>,
): Promise<Place | undefined> {
  if (!rules?.length) return undefined;
  const match = {
    resourceRules: rules,
    ...(matchPolicy && { matchPolicy }),
    ...(namespaceSelector && { namespaceSelector }),
    ...(objectSelector && { objectSelector }),
  };
  return matchOf(match, admission, labels);
}
