import type { AdmissionPlugin } from '../../admission/plugin.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import { copyOf } from '../../meta/copy.ts';
import { addAll } from '../../meta/lists.ts';
import type { AnyObject } from '../../meta/object.ts';
import { isComing, type Soon } from '../../meta/soon.ts';
import { ClaimsHeld } from '../../ports/claimsHeld.ts';
import type { Call } from '../request.ts';
import { AdmissionRequest, type Asked } from './admission.ts';

/**
 * Describes how far an object is from the form in which it can be stored: plugins left it alone, out of order, or
 * without defaults.
 */
export type Change = 'none' | 'order' | 'defaults';

/**
 * Lets each plugin change the object or refuse the request, in the order of the registry, and all of them once more
 * when one of them asks for it.
 */
export function admit(admission: AdmissionRequest): Soon<Change> {
  const { admitting } = admission.concerned;
  if (!admitting.length) return 'none';
  const first = round(admitting, admission, 'none');
  return isComing(first)
    ? first.then((change) => again(admitting, admission, change))
    : again(admitting, admission, first);
}

function again(
  plugins: readonly AdmissionPlugin[],
  admission: AdmissionRequest,
  first: Change,
): Soon<Change> {
  if (!admission.wantsReinvocation) return first;
  admission.isReinvocation = true;
  return round(plugins, admission, first);
}

/** Goes through the plugins from the one at `from`; waits only for those that have to ask somebody. */
function round(
  plugins: readonly AdmissionPlugin[],
  admission: AdmissionRequest,
  before: Change,
  from = 0,
): Soon<Change> {
  let change = before;
  for (let i = from; i < plugins.length; i++) {
    const plugin = plugins[i]!;
    const admitted = plugin.admit?.(admission);
    if (isComing(admitted))
      return admitted.then((did) => round(plugins, admission, changedBy(plugin, did, change), i + 1));
    change = changedBy(plugin, admitted, change);
  }
  return change;
}

function changedBy({ addsDefaults }: AdmissionPlugin, didChange: unknown, before: Change): Change {
  if (!didChange) return before;
  if (!addsDefaults) return 'defaults';
  return before === 'none' ? 'order' : before;
}

/** Lets the plugins that only look, from the one at `from`, refuse the request; waits only for those that ask somebody. */
export function check(admission: AdmissionRequest, from = 0): Soon<void> {
  const { validating } = admission.concerned;
  for (let i = from; i < validating.length; i++) {
    const validated = validating[i]!.validate?.(admission);
    if (isComing(validated)) return validated.then(() => check(admission, i + 1));
  }
}

/**
 * Whatever anybody did to an object, in the one form that equal objects have: known fields only, defaulted, in order. So
 * a write that changes nothing can be told from its bytes.
 */
export function normalised(schema: ObjectSchema, object: AnyObject, change: Change): AnyObject {
  if (change === 'none') return object;
  return change === 'order' ? schema.rearranged(object) : schema.withDefaults(schema.decode(object));
}

/**
 * Admission of what is not stored itself: a Binding, an Eviction, a Scale, the options of a connection.
 * @returns the object as the plugins left it.
 */
export async function admittedAlone(
  call: Call,
  asked: Asked & { object: AnyObject; schema: ObjectSchema },
): Promise<AnyObject> {
  const admission = new AdmissionRequest(call, asked);
  const change = await admit(admission);
  admission.object = normalised(asked.schema, admission.object ?? asked.object, change);
  await check(admission);
  return admission.object;
}

/**
 * The last steps of a write: allocation, the plugins that only look, and `write`, of the object that came of it. When
 * others hold what was chosen, all of it again, until something else is chosen or the allocation gives up.
 */
export async function allocated<T>(
  call: Call,
  admission: AdmissionRequest,
  object: AnyObject,
  write: (object: AnyObject) => Promise<T>,
): Promise<T> {
  const { allocating } = admission.concerned;
  const refused: string[] = [];
  for (;;) {
    admission.object = object;
    if (allocating.length) {
      admission.object = copyOf(object);
      for (const plugin of allocating) await plugin.allocate?.(admission, refused);
      admission.object = admission.schema.decode(admission.object);
    }
    let pause = call.deps.turn?.();
    if (pause) await pause;
    const checked = check(admission);
    if (isComing(checked)) await checked;
    pause = call.deps.turn?.();
    if (pause) await pause;
    try {
      return await write(admission.object);
    } catch (error) {
      if (!(error instanceof ClaimsHeld) || error.claims.every((claim) => refused.includes(claim)))
        throw error;
      addAll(refused, error.claims);
    }
  }
}
