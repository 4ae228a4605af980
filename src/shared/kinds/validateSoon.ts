import { inMoment } from '../cel/values/steps.ts';
import type { Cause } from '../errors/apiError.ts';
import type { AnyObject } from '../meta/object.ts';
import type { Soon } from '../meta/soon.ts';
import type { Kind } from './kind.ts';
import type { Validate } from './schema/objectSchema.ts';

/** Does a kind's own `validate`; elsewhere where that takes longer than a moment. */
export function validateSoon(
  kind: Kind,
  object: AnyObject,
  old: AnyObject | undefined,
  elsewhere: Validate,
): Soon<Cause[]> {
  const { group, version, kind: name } = kind;
  return inMoment<Soon<Cause[]>>(
    () => kind.validate?.(object, old) ?? [],
    () => elsewhere({ group, version, kind: name, object, old }),
  );
}
