import type { AdmissionPlugin } from '../../admission/plugin.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import { copyOf } from '../../meta/copy.ts';
import { addAll } from '../../meta/lists.ts';
import type { AnyObject } from '../../meta/object.ts';
import { isComing } from '../../meta/soon.ts';
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
export async function admit(admission: AdmissionRequest): Promise<Change> {
  const { admitting } = admission.concerned;
  if (!admitting.length) return 'none';
  const first = await round(admitting, admission, 'none');
  if (!admission.wantsReinvocation) return first;
  admission.isReinvocation = true;
  return round(admitting, admission, first);
}

async function round(
  plugins: readonly AdmissionPlugin[],
  admission: AdmissionRequest,
  before: Change,
): Promise<Change> {
  let change = before;
  for (const plugin of plugins) {
    const admitted = plugin.admit?.(admission);
    if (!(isComing(admitted) ? await admitted : admitted)) continue;
    if (!plugin.addsDefaults) change = 'defaults';
    else if (change === 'none') change = 'order';
  }
  return change;
}

/** Lets the plugins that only look refuse the request. */
export async function check(admission: AdmissionRequest): Promise<void> {
  for (const plugin of admission.concerned.validating) {
    const validated = plugin.validate?.(admission);
    if (isComing(validated)) await validated;
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
    await check(admission);
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
