import {
  boolYaml11Tag,
  defineMappingTag,
  defineScalarTag,
  floatCoreTag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  Schema,
  seqTag,
  strTag,
} from 'js-yaml';
import { setOwn, sortedByKey } from '../../kinds/schema/zero.ts';
import { fits64 } from '../../meta/integers.ts';

/** Decimal, hexadecimal, octal and binary as Go reads them; YAML's base 60 is text there. */
const integer = /^([-+]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|0|[1-9][0-9_]*)$/;

/** Keeps the digits of integers that a number cannot hold, up to 64 bits. */
const intTag = defineScalarTag<number | bigint>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...'0123456789'],
  resolve: (source) => {
    const [, sign, digits = ''] = integer.exec(source) ?? [];
    if (!digits) return NOT_RESOLVED;
    const plain = digits.replaceAll('_', '');
    const exact = BigInt(/^0[0-7]/.test(plain) ? `0o${plain.slice(1)}` : plain.toLowerCase());
    const value = sign === '-' ? -exact : exact;
    return fits64(value) && !Number.isSafeInteger(Number(value)) ? value : Number(value);
  },
  identify: () => false,
});

/** An object whose keys are sorted, as they are once Go has made JSON of them. The last of several equal keys counts. */
const mapTag = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  create: () => ({}),
  addPair: (object, key, value) => {
    if (typeof key === 'object') return key === null ? 'a key is null' : 'a key is no scalar';
    setOwn(object, String(key), value);
    return '';
  },
  // Which keys stand twice is looked for in the text, by line.
  has: () => false,
  keys: (object) => Object.keys(object),
  get: (object, key) => object[String(key)],
  finalize: sortedByKey,
  identify: () => false,
});

/**
 * YAML 1.1 as Go reads it for Kubernetes: `y` and `no` are booleans; timestamps, binary and sets are plain text, although
 * YAML 1.1 has types for them.
 */
export const kubernetesSchema: Schema = new Schema([
  strTag,
  nullYaml11Tag,
  boolYaml11Tag,
  intTag,
  floatCoreTag,
  mergeTag,
  seqTag,
  mapTag,
]);
