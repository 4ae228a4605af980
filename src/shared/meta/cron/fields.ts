/** One field of a cron line: which numbers it lets through, and whether it was a star. */
export interface CronField {
  has(n: number): boolean;
  isStar: boolean;
}

export interface Bounds {
  min: number;
  max: number;
  names?: readonly string[];
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const days = 'sun mon tue wed thu fri sat'.split(' ');

export const bounds = {
  minute: { min: 0, max: 59 },
  hour: { min: 0, max: 23 },
  dayOfMonth: { min: 1, max: 31 },
  month: { min: 1, max: 12, names: months },
  dayOfWeek: { min: 0, max: 6, names: days },
} satisfies Record<string, Bounds>;

/** Numbers, ranges and steps between commas. Throws Error in the words of robfig/cron. */
export function parseField(text: string, limits: Bounds): CronField {
  const ranges = text
    .split(',')
    .filter((range) => range !== '')
    .map((range) => parseRange(range, limits));
  return {
    has: (n) => ranges.some(({ start, end, step }) => n >= start && n <= end && (n - start) % step === 0),
    isStar: ranges.some(({ isStar }) => isStar),
  };
}

export const everything = ({ min, max }: Bounds): CronField => ({
  has: (n) => n >= min && n <= max,
  isStar: true,
});

function parseRange(text: string, limits: Bounds) {
  const [range = '', ...steps] = text.split('/');
  const [low = '', ...highs] = range.split('-');
  const isAll = low === '*' || low === '?';
  const start = isAll ? limits.min : parseNumber(low, limits);
  if (!isAll && highs.length > 1) throw new Error(`too many hyphens: ${text}`);
  let end = isAll ? limits.max : highs.length === 1 ? parseNumber(highs[0]!, limits) : start;
  if (steps.length > 1) throw new Error(`too many slashes: ${text}`);
  const step = steps.length === 1 ? parseNumber(steps[0]!) : 1;
  // `5/10` means every ten from five on.
  if (steps.length === 1 && highs.length === 0) end = limits.max;
  if (start < limits.min)
    throw new Error(`beginning of range (${start}) below minimum (${limits.min}): ${text}`);
  if (end > limits.max) throw new Error(`end of range (${end}) above maximum (${limits.max}): ${text}`);
  if (start > end) throw new Error(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new Error(`step of range should be a positive number: ${text}`);
  return { start, end, step, isStar: isAll && step === 1 };
}

function parseNumber(text: string, { min, names = [] }: Partial<Bounds> = {}): number {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + (min ?? 0);
  const failed = (why: string) =>
    new Error(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?\d+$/.test(text)) throw failed('invalid syntax');
  if (BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) throw failed('value out of range');
  const number = Number(text);
  if (number < 0) throw new Error(`negative number (${number}) not allowed: ${text}`);
  return number;
}
