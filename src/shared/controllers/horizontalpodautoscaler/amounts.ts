import { parseQuantity } from '../../meta/quantity.ts';

/** A quantity in thousandths, rounded up. */
export const milli = (quantity: string | number | undefined): number =>
  Number(((parseQuantity(quantity ?? '0') ?? 0n) + 999_999n) / 1_000_000n);

/** Thousandths as Kubernetes writes them: whole numbers where they are, powers of 1024 of memory. */
export function quantityOf(thousandths: number, resource = ''): string {
  if (thousandths % 1000 !== 0) return `${thousandths}m`;
  const whole = thousandths / 1000;
  if (resource === 'memory')
    for (const [i, unit] of ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'].entries()) {
      const size = 1024 ** (6 - i);
      if (whole > 0 && whole % size === 0) return `${whole / size}${unit}`;
    }
  return String(whole);
}
