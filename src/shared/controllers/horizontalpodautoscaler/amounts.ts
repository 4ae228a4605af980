import { quantityText } from '../../kinds/schema/quantity.ts';
import { parseQuantity } from '../../meta/quantity.ts';

const nanos = 1_000_000n;
/** More than Go's int64 holds is as much as it holds. */
const most = 2n ** 63n - 1n;

const atMost = (amount: bigint): bigint => (amount > most ? most : amount);

/** A quantity in thousandths, rounded up. */
export const milli = (quantity: string | number | undefined): number =>
  Number(atMost(((parseQuantity(quantity ?? '0') ?? 0n) + nanos - 1n) / nanos));

/** Thousandths as Kubernetes writes them: memory in powers of 1024. */
export const quantityOf = (thousandths: number, resource = ''): string =>
  quantityText(atMost(BigInt(thousandths)) * nanos, resource === 'memory' ? 'binary' : 'decimal');
