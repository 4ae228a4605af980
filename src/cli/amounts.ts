import { parseQuantity } from '../shared/meta/quantity.ts';

const nano = 1_000_000_000n;

/** The sum of quantities, in billionths. */
export const sumOf = (amounts: readonly (string | undefined)[]): bigint =>
  amounts.reduce((total, amount) => total + (parseQuantity(amount ?? '0') ?? 0n), 0n);

/** Billionths in thousandths, rounded up, as quantities are. */
export const milliOf = (amount: bigint): bigint => (amount + 999_999n) / 1_000_000n;

/** Billionths of a core as `kubectl top` prints them. */
export const cpuText = (cpu: bigint): string => `${milliOf(cpu)}m`;

/** Billionths of a byte in whole mebibytes, as `kubectl top` prints them. */
export const memoryText = (memory: bigint): string => `${(memory + nano - 1n) / nano / (1024n * 1024n)}Mi`;
