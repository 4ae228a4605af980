import { setOwn } from '../../kinds/schema/zero.ts';
import { isObject } from '../../meta/isObject.ts';
import { table } from '../../meta/table.ts';

type Json = unknown;

/**
 * Returns the part of a decoded value that its sender named: decoding adds what Go always writes, and leaves out null and
 * zeros. Where `isKnown` says that no field is unknown, these are named all the same: they reset what is there.
 */
export function namedIn(decoded: Json, sent: Json, isKnown = false): Json {
  if (Array.isArray(decoded) && Array.isArray(sent))
    return decoded.map((item, i) => namedIn(item, sent[i], isKnown));
  // 1024Mi changes the 1Gi that is stored, as in a real server.
  if (!isObject(decoded) || !isObject(sent)) return isKnown ? sent : decoded;
  const named: Record<string, Json> = table({});
  // Null of a definition of others is not there after decoding, nor what it does not know.
  for (const key in sent) {
    const isReset = isKnown && sent[key] === null;
    if (Object.hasOwn(decoded, key) && !isReset)
      setOwn(named, key, namedIn(decoded[key], sent[key], isKnown));
    else if (isKnown || isEmptyObject(sent[key])) setOwn(named, key, sent[key]);
  }
  return named;
}

const isEmptyObject = (value: Json): boolean => isObject(value) && Object.keys(value).length === 0;
