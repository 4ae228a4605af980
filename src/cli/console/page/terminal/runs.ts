import type { Cell } from './grid.ts';
import { type Colour, isSameStyle, type Style } from './style.ts';

/** Characters beside each other that look the same. */
export interface Run {
  text: string;
  /** A wide character stands alone, so that it takes just two places in every font. */
  isWide: boolean;
  style: Style;
}

/** A line as runs, without what is blank at its end. */
export function runsOf(cells: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  let last: Run | undefined;
  for (const { text, width, style } of cells) {
    if (width === 0) continue;
    if (last && width === 1 && !last.isWide && isSameStyle(last.style, style)) last.text += text;
    else {
      last = { text, isWide: width === 2, style };
      runs.push(last);
    }
  }
  if (last && isPlainGround(last.style)) last.text = last.text.trimEnd();
  return last?.text === '' ? runs.slice(0, -1) : runs;
}

const isPlainGround = ({ ground, inverse, underline, struck }: Style) =>
  ground === undefined && !inverse && !underline && !struck;

/** How a style is drawn: properties of CSS. The first 16 colours are the page's. */
export function drawn(style: Style): Record<string, string> {
  const [text, ground] = style.inverse ? [style.ground, style.text] : [style.text, style.ground];
  const lines = [style.underline && 'underline', style.struck && 'line-through'].filter(Boolean).join(' ');
  return {
    ...((text !== undefined || style.inverse) && { color: colour(text, '--screen') }),
    ...((ground !== undefined || style.inverse) && { backgroundColor: colour(ground, '--screen-text') }),
    ...(style.bold && { fontWeight: 'bold' }),
    ...(style.dim && { opacity: '0.7' }),
    ...(style.italic && { fontStyle: 'italic' }),
    ...(lines && { textDecoration: lines }),
    ...(style.hidden && { visibility: 'hidden' }),
  };
}

function colour(given: Colour | undefined, otherwise: string): string {
  if (given === undefined) return `var(${otherwise})`;
  if (typeof given === 'string') return given;
  if (given < 16) return `var(--ansi-${given})`;
  if (given > 231) return `rgb(${Array(3).fill((given - 232) * 10 + 8)})`;
  const level = (base: number) => {
    const step = Math.floor((given - 16) / base) % 6;
    return step ? step * 40 + 55 : 0;
  };
  return `rgb(${[level(36), level(6), level(1)]})`;
}
