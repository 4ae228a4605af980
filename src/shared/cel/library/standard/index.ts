import { typeNames } from '../../check/environment.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  stringType,
  timestampType,
  typeOf,
  uintType,
} from '../../types/type.ts';
import { arithmetic } from './arithmetic.ts';
import { comparisons } from './comparison.ts';
import { conversions } from './conversions.ts';
import { logic } from './logic.ts';
import { text } from './text.ts';
import { time } from './time.ts';

/** The functions that every CEL environment has. */
export const standardFunctions = [...logic, ...arithmetic, ...comparisons, ...conversions, ...text, ...time];

export const standardTypes = typeNames({
  bool: boolType,
  bytes: bytesType,
  double: doubleType,
  int: intType,
  list: listOf(dynType),
  map: mapOf(dynType, dynType),
  null_type: nullType,
  string: stringType,
  type: typeOf(dynType),
  uint: uintType,
  optional_type: optionalOf(dynType),
  'google.protobuf.Timestamp': timestampType,
  'google.protobuf.Duration': durationType,
});
