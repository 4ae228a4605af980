import { Buffer } from 'node:buffer';
import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import type { ConfigMap } from '../../../schema/types.ts';
import { decodedLength } from '../../../validation/base64.ts';
import { invalidValue, tooLong } from '../../../validation/causes.ts';
import { frozen, mostBytes, validKey } from '../../../validation/data.ts';

export function validate(object: ConfigMap, old?: ConfigMap): Cause[] {
  const causes = frozen(object, old);
  const { data = {}, binaryData = {} } = object;
  let bytes = 0;
  for (const [key, value] of Object.entries(data)) {
    addAll(causes, validKey('data', key));
    if (Object.hasOwn(binaryData, key)) {
      causes.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    }
    bytes += Buffer.byteLength(value);
  }
  for (const [key, value] of Object.entries(binaryData)) {
    addAll(causes, validKey('binaryData', key));
    bytes += decodedLength(value);
  }
  // The whole object has no path: Kubernetes writes `[]`.
  if (bytes > mostBytes) causes.push(tooLong('[]', mostBytes));
  return causes;
}
