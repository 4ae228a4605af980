import type { Colour, Paint } from '../paint.ts';

/** Gives lines their looks: who says it, and in which colour. */
export interface Painter {
  /** A line of a program. */
  line(pod: string, container: string, text: string): string;
  /** What keeps a Pod from running. */
  trouble(pod: string, text: string): string;
  /** A line of ours. */
  note(text: string): string;
}

/** Are for Pods; red is for trouble. */
const colours = [
  ...(['cyan', 'green', 'magenta', 'yellow', 'blue', 'brightCyan', 'brightGreen', 'brightMagenta'] as const),
];

/** Each Pod keeps its colour, which comes from the ones that are not in use. */
export function painterOf(paint: Paint = (_, text) => text): Painter {
  const given = new Map<string, Colour>();
  const colourOf = (pod: string): Colour => {
    const colour = given.get(pod) ?? colours[given.size % colours.length]!;
    given.set(pod, colour);
    return colour;
  };
  return {
    line: (pod, container, text) => `${paint(colourOf(pod), `[${pod} ${container}]`)} ${text}`,
    trouble: (pod, text) => `${paint('red', `[${pod}]`)} ${text}`,
    note: (text) => paint('bold', text),
  };
}
