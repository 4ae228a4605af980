/** The least and the most that something may be: a size or a cost. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Sizes and costs saturate here, as upstream's unsigned 64-bit integers do. */
const most = 2 ** 64;

export const fixed = (value: number): Range => ({ min: value, max: value });
export const unknown: Range = { min: 0, max: most };
export const nothing: Range = fixed(0);

const capped = (value: number): number => Math.min(value, most);

export const plus = (...ranges: readonly Range[]): Range => ({
  min: capped(ranges.reduce((sum, { min }) => sum + min, 0)),
  max: capped(ranges.reduce((sum, { max }) => sum + max, 0)),
});
export const times = (left: Range, right: Range): Range => ({
  min: capped(left.min * right.min),
  max: capped(left.max * right.max),
});
/** Scaled and rounded up. */
export const scaled = ({ min, max }: Range, factor: number): Range => ({
  min: capped(Math.ceil(min * factor)),
  max: max >= most && factor >= 1 ? most : capped(Math.ceil(max * factor)),
});
/** The smallest range that holds both. */
export const union = (left: Range, right: Range): Range => ({
  min: Math.min(left.min, right.min),
  max: Math.max(left.max, right.max),
});
