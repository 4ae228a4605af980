/** A number of the palette of 256, or `#rrggbb`. */
export type Colour = number | string;

/** How characters look. Never changed once it is there, so that cells share it. */
export interface Style {
  readonly text?: Colour;
  readonly ground?: Colour;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
  readonly hidden?: boolean;
  readonly struck?: boolean;
}

export const plainStyle: Style = {};

const turnedOn: Record<number, Style> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  8: { hidden: true },
  9: { struck: true },
  21: { underline: true },
  22: { bold: undefined, dim: undefined },
  23: { italic: undefined },
  24: { underline: undefined },
  27: { inverse: undefined },
  28: { hidden: undefined },
  29: { struck: undefined },
  39: { text: undefined },
  49: { ground: undefined },
};

/** Is how many numbers a colour has at most: its kind, red, green and blue. */
const colourTakes = 4;

/** What SGR (`ESC [ … m`) makes of a style. */
export function styleAfter(style: Style, parameters: readonly (readonly number[])[]): Style {
  let after = style;
  for (let at = 0; at < parameters.length; at++) {
    const [code = 0, ...parts] = parameters[at]!;
    if (code === 38 || code === 48) {
      // Either with colons, in one parameter, or with semicolons, where those that follow belong to it.
      const following = parameters.slice(at + 1, at + 1 + colourTakes);
      const rest = parts.length ? parts : following.map(([first = 0]) => first);
      const colour = colourOf(rest, parts.length > 4);
      if (!parts.length) at += rest[0] === 5 ? 2 : 4;
      if (colour !== undefined) after = { ...after, [code === 38 ? 'text' : 'ground']: colour };
    } else if (code === 0) after = plainStyle;
    else if (code === 4 && parts[0] === 0) after = { ...after, underline: undefined };
    else after = { ...after, ...(turnedOn[code] ?? colouredBy(code)) };
  }
  return after;
}

function colouredBy(code: number): Style {
  const [tens, ones] = [Math.floor(code / 10), code % 10];
  if (ones > 7) return {};
  if (tens === 3 || tens === 9) return { text: ones + (tens === 9 ? 8 : 0) };
  if (tens === 4 || tens === 10) return { ground: ones + (tens === 10 ? 8 : 0) };
  return {};
}

/** `5;N` or `2;R;G;B`; with colons there may be a colour space before the red. */
function colourOf([kind, ...values]: readonly number[], hasSpace: boolean): Colour | undefined {
  if (kind === 5) return Math.min(values[0] ?? 0, 255);
  if (kind !== 2) return undefined;
  const [red = 0, green = 0, blue = 0] = hasSpace ? values.slice(1) : values;
  return `#${[red, green, blue].map((each) => Math.min(each, 255).toString(16).padStart(2, '0')).join('')}`;
}

export const isSameStyle = (one: Style, other: Style): boolean =>
  one === other || keys.every((key) => one[key] === other[key]);

const keys = [
  ...(['text', 'ground', 'bold', 'dim', 'italic', 'underline', 'inverse', 'hidden', 'struck'] as const),
];
