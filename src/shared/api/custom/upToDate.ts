import { isReason } from '../../errors/apiError.ts';
import { mostStoredBytes } from '../../errors/storedSize.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import type { AnyObject } from '../../meta/object.ts';

/** Returns an object that an earlier state of its definition stored: without fields that are gone, with new defaults. */
export function upToDate(object: AnyObject, schema: ObjectSchema): AnyObject {
  const { metadata: _decoded, ...content } = defaulted(object, schema);
  return { ...content, metadata: object.metadata, apiVersion: object.apiVersion } as AnyObject;
}

/** Who gets more of defaults than can be stored gets none: a list of thousands is not refused for one of its objects. */
function defaulted(object: AnyObject, schema: ObjectSchema): AnyObject {
  try {
    return schema.withDefaults(schema.decode(object), mostStoredBytes);
  } catch (error) {
    if (!isReason(error, 'Unknown')) throw error;
    return schema.decode(object);
  }
}
