import { parseQuantity } from '../../../meta/quantity.ts';
import { table } from '../../../meta/table.ts';
import { boolType, doubleType, intType, objectType, stringType } from '../../types/type.ts';
import { type Failure, fail, noSuchOverload, Opaque, type Outcome, type Value } from '../../values/value.ts';
import { declare, method, plain } from '../declare.ts';

export const quantityType = objectType('kubernetes.Quantity');

const most = 2n ** 63n;
const fits = (value: bigint): boolean => value < most && value >= -most;

/**
 * An amount in billionths. Kubernetes keeps amounts as an integer times a power of ten where it can, and only such an
 * amount with a power that is not negative is an integer to it: `1k` is one, `1000m` and `1.5Gi` are none.
 */
class Quantity extends Opaque {
  override readonly typeName = 'kubernetes.Quantity';
  readonly nanos: bigint;
  /** The power of ten, undefined for amounts that Kubernetes keeps as decimals. */
  readonly scale: number | undefined;

  private readonly text: string;

  constructor(nanos: bigint, scale: number | undefined, text = String(Number(nanos) / 1e9)) {
    super();
    this.nanos = nanos;
    this.scale = scale;
    this.text = text;
  }
  get integer(): bigint | undefined {
    const whole = this.nanos / 1_000_000_000n;
    return this.scale !== undefined && this.scale >= 0 && fits(whole) ? whole : undefined;
  }
  plus(other: Quantity, sign: bigint): Quantity {
    const nanos = this.nanos + sign * other.nanos;
    if (this.scale === undefined || other.scale === undefined) return new Quantity(nanos, undefined);
    if (this.nanos === 0n) return new Quantity(nanos, other.scale);
    const scale = other.nanos === 0n ? this.scale : Math.min(this.scale, other.scale);
    return new Quantity(nanos, fits(nanos / 10n ** BigInt(9 + scale)) ? scale : undefined);
  }
  override equals(other: Value): boolean | Failure {
    return other instanceof Quantity ? this.nanos === other.nanos : noSuchOverload();
  }
  override toString(): string {
    return this.text;
  }
}

function read(text: string): Quantity | Failure {
  if (!shape.test(text)) return fail(wrongFormat);
  const nanos = parseQuantity(text);
  return nanos === undefined
    ? fail("unable to parse quantity's suffix")
    : new Quantity(nanos, scaleOf(text), text);
}
const shape = /^[+-]?(?:\d+\.?\d*|\.\d+)[eEinumkKMGTP]*[-+]?\d*$/;
const wrongFormat =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const powers: Record<string, number> = table({ n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 });

function scaleOf(text: string): number | undefined {
  const [, whole = '', fraction = '', suffix = ''] = /^[+-]?(\d*)\.?(\d*)(.*)$/.exec(text)!;
  const digits = whole.replace(/^0+/, '').length + fraction.length;
  if (suffix.endsWith('i')) {
    const exponent = 10 * (1 + 'KMGTPE'.indexOf(suffix[0]!));
    return fraction === '' && 15 - digits - Math.trunc((exponent * 3) / 10) - 1 >= 0 ? 0 : undefined;
  }
  const power = powers[suffix] ?? (suffix === '' ? 0 : Number(suffix.slice(1)));
  const scale = power - fraction.length;
  return digits <= 18 && scale >= -9 ? scale : undefined;
}

const compare = ([left, right]: readonly Value[]): number => {
  const difference = (left as Quantity).nanos - (right as Quantity).nanos;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
const sum =
  (sign: bigint) =>
  ([left, right]: readonly Value[]): Outcome => {
    const other = typeof right === 'bigint' ? new Quantity(right * 1_000_000_000n, 0) : (right as Quantity);
    return (left as Quantity).plus(other, sign);
  };
const signOf = (value: bigint): bigint => (value > 0n ? 1n : value < 0n ? -1n : 0n);
const two = [quantityType, quantityType];

/** Amounts of resources, as `100m` or `1.5Gi`. */
export const quantity = [
  declare(
    'quantity',
    plain('string_to_quantity', [stringType], quantityType, ([text]) => read(text as string)),
  ),
  declare(
    'isQuantity',
    plain('is_quantity_string', [stringType], boolType, ([text]) => read(text as string) instanceof Quantity),
  ),
  declare(
    'sign',
    plain('quantity_sign', [quantityType], intType, ([value]) => signOf((value as Quantity).nanos)),
  ),
  declare(
    'isGreaterThan',
    method('quantity_is_greater_than', two, boolType, (args) => compare(args) > 0),
  ),
  declare(
    'isLessThan',
    method('quantity_is_less_than', two, boolType, (args) => compare(args) < 0),
  ),
  declare(
    'compareTo',
    method('quantity_compare_to', two, intType, (args) => BigInt(compare(args))),
  ),
  declare(
    'asApproximateFloat',
    method(
      'quantity_get_float',
      [quantityType],
      doubleType,
      ([value]) => Number((value as Quantity).nanos) / 1e9,
    ),
  ),
  declare(
    'asInteger',
    method(
      'quantity_get_int',
      [quantityType],
      intType,
      ([value]) => (value as Quantity).integer ?? fail('cannot convert value to integer'),
    ),
  ),
  declare(
    'isInteger',
    method(
      'quantity_is_integer',
      [quantityType],
      boolType,
      ([value]) => (value as Quantity).integer !== undefined,
    ),
  ),
  declare(
    'add',
    method('quantity_add', two, quantityType, sum(1n)),
    method('quantity_add_int', [quantityType, intType], quantityType, sum(1n)),
  ),
  declare(
    'sub',
    method('quantity_sub', two, quantityType, sum(-1n)),
    method('quantity_sub_int', [quantityType, intType], quantityType, sum(-1n)),
  ),
];
