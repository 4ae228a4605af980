import type { Cause } from '../../errors/apiError.ts';
import { validateSoon } from '../../kinds/validateSoon.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Call } from '../request.ts';

/** Finds what the schema of the kind says against the object; elsewhere where others would wait for it. */
export function schemaFindings(
  { deps: { judge }, cluster, served }: Call,
  object: AnyObject,
  old?: AnyObject,
  part: 'main' | 'status' = 'main',
): Soon<Cause[]> {
  const { schema } = served.kind;
  return judge && schema.causesSoon
    ? schema.causesSoon(object, old, part, judge(cluster))
    : schema.causes(object, old, part);
}

/** Finds what the kind itself has against the object; elsewhere where others would wait for it. */
export function kindFindings(
  { deps: { validate }, cluster, served: { kind } }: Call,
  object: AnyObject,
  old?: AnyObject,
): Soon<Cause[]> {
  if (!kind.validate) return [];
  return validate ? validateSoon(kind, object, old, validate(cluster)) : kind.validate(object, old);
}
