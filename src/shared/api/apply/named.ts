import { setOwn } from '../../kinds/schema/zero.ts';
import { isObject } from '../../meta/isObject.ts';
import { table } from '../../meta/table.ts';

type Json = unknown;

/** Returns the part of a decoded value that its sender named: decoding adds what Go always writes. */
export function namedIn(decoded: Json, sent: Json): Json {
  if (Array.isArray(decoded) && Array.isArray(sent)) return decoded.map((item, i) => namedIn(item, sent[i]));
  if (!isObject(decoded) || !isObject(sent)) return decoded;
  const named: Record<string, Json> = table({});
  // What is sent as null or unknown is not there after decoding; what is empty has been named all the same.
  for (const key in sent) {
    if (Object.hasOwn(decoded, key)) setOwn(named, key, namedIn(decoded[key], sent[key]));
    else if (isObject(sent[key]) && Object.keys(sent[key]).length === 0) setOwn(named, key, {});
  }
  return named;
}
