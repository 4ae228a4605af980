import type { Kind } from '../kinds/kind.ts';
import type { ObjectSchema } from '../kinds/schema/objectSchema.ts';
import type { AnyObject } from '../meta/object.ts';
import type { Place } from './matching/rules.ts';
import type { Admission } from './plugin.ts';

/** Describes what a webhook or a policy is shown: the objects of the request, in the version that its rules name. */
export interface Subject {
  readonly place: Place;
  readonly schema: ObjectSchema;
  readonly object?: AnyObject;
  readonly old?: AnyObject;
  /** An object of this version in the version of the request. */
  back(object: AnyObject): Promise<AnyObject>;
}

export async function subjectAt(admission: Admission, place: Place): Promise<Subject> {
  const { kind, schema, object, old } = admission;
  const other = otherKind(admission, place);
  if (!other)
    return { place, schema, ...(object && { object }), ...(old && { old }), back: async (own) => own };
  return {
    place,
    schema: other.schema,
    ...(object && { object: await admission.convert(object, kind, other) }),
    ...(old && { old: await admission.convert(old, kind, other) }),
    back: (changed) => admission.convert(changed, other, kind),
  };
}

/** The kind to show objects as, where that is another: what speaks a kind of its own is the same everywhere. */
function otherKind({ kind, objectKind, equivalents }: Admission, place: Place): Kind | undefined {
  if (objectKind.kind !== kind.kind || objectKind.group !== kind.group) return undefined;
  return equivalents.find(
    ({ group, version, plural }) =>
      group === place.group && version === place.version && plural === place.plural,
  );
}
