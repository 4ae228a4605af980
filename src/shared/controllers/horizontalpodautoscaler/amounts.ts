import { quantityText } from '../../kinds/schema/quantity.ts';
import { parseQuantity } from '../../meta/quantity.ts';

const nanos = 1_000_000n;
/** More than Go's int64 holds is as much as it holds. */
const most = 2n ** 63n - 1n;

/** A quantity in thousandths, rounded up. */
export const milli = (quantity: string | number | undefined): number =>
  Number(((parseQuantity(quantity ?? '0') ?? 0n) + nanos - 1n) / nanos);

/** Thousandths as Kubernetes writes them: memory in powers of 1024. */
export function quantityOf(thousandths: number, resource = ''): string {
  const whole = BigInt(thousandths);
  return quantityText((whole > most ? most : whole) * nanos, resource === 'memory' ? 'binary' : 'decimal');
}
