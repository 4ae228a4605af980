import { Dict } from '../values/dict.ts';
import { List } from '../values/list.ts';
import { show } from '../values/show.ts';
import { fieldOf, Struct } from '../values/struct.ts';
import { typeName } from '../values/typeOf.ts';
import { type Failure, fail, failed, type Outcome, Uint, type Value } from '../values/value.ts';

/** Returns what a value holds under a key. What it does not hold is undefined when that is asked, else a failure. */
export function qualify(value: Value, key: Value, mayMiss: boolean): Outcome | undefined {
  if (value instanceof List) {
    const position = indexOf(key);
    if (failed(position as Outcome)) return position as Failure;
    const index = position as number;
    if (index >= 0 && index < value.size) return value.at(index);
    return mayMiss ? undefined : fail(`index out of bounds: ${show(key)}`);
  }
  if (value instanceof Struct) return fieldOf(value, key, mayMiss);
  const found = value instanceof Dict ? value.find(key) : undefined;
  return found === undefined && !mayMiss ? fail(`no such key: ${show(key)}`) : found;
}

/** Integers of any numeric type are indices; -1 stands for what is no position. */
function indexOf(key: Value): number | Failure {
  const number = key instanceof Uint ? key.value : key;
  if (typeof number === 'bigint') return number > 2n ** 50n ? -1 : Number(number);
  if (typeof number !== 'number') return fail(`unsupported index type '${typeName(key)}' in list`);
  return Number.isInteger(number) ? number : fail(`unsupported index value ${show(key)} in list`);
}
