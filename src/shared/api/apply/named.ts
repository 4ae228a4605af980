import { isBlank } from '../../kinds/schema/shape.ts';
import { setOwn } from '../../kinds/schema/zero.ts';
import { isObject } from '../../meta/isObject.ts';
import { table } from '../../meta/table.ts';

type Json = unknown;

/**
 * Returns the part of a decoded value that its sender named: decoding adds what Go always writes, and drops what is null or
 * empty, which has been named all the same. Of what nobody knows nothing is named.
 * @param isGo says that it was decoded as Go does it: what was known and is left out is a zero.
 */
export function namedIn(decoded: Json, sent: Json, isGo = false): Json {
  if (Array.isArray(decoded) && Array.isArray(sent))
    return decoded.map((item, i) => namedIn(item, sent[i], isGo));
  // 1024Mi changes the 1Gi that is stored.
  if (!isObject(decoded) || !isObject(sent)) return isGo ? sent : decoded;
  const named: Record<string, Json> = table({});
  for (const key in sent) {
    if (isBlank(sent[key])) setOwn(named, key, sent[key]);
    else if (Object.hasOwn(decoded, key)) setOwn(named, key, namedIn(decoded[key], sent[key], isGo));
    else if (isGo) setOwn(named, key, sent[key]);
  }
  return named;
}
