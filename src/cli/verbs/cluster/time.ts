const units: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
]);

/** Seconds in a time such as `90s`, `1h30m` or `2d`; NaN when it is none, or nothing. */
export function secondsIn(text: string): number {
  const parts = text.match(/\d+[smhd]/g) ?? [];
  if (!text || parts.join('') !== text) return Number.NaN;
  const seconds = parts.reduce((sum, part) => sum + Number.parseInt(part, 10) * units.get(part.at(-1)!)!, 0);
  return seconds > 0 ? seconds : Number.NaN;
}
