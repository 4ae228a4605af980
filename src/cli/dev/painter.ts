/** Gives lines their looks: who says it, and in which colour. */
export interface Painter {
  /** A line of a program. */
  line(pod: string, container: string, text: string): string;
  /** What keeps a Pod from running. */
  trouble(pod: string, text: string): string;
  /** A line of ours. */
  note(text: string): string;
}

/** Are those that can be read on light and dark; red is for trouble. */
const colours = [36, 32, 35, 33, 34, 96, 92, 95];
const trouble = 31;

/** Each Pod keeps its colour, which comes from the ones that are not in use. */
export function painterOf(isColoured: boolean): Painter {
  const given = new Map<string, number>();
  const paint = (colour: number, text: string) => (isColoured ? `\u001b[${colour}m${text}\u001b[0m` : text);
  const colourOf = (pod: string): number => {
    const colour = given.get(pod) ?? colours[given.size % colours.length]!;
    given.set(pod, colour);
    return colour;
  };
  return {
    line: (pod, container, text) => `${paint(colourOf(pod), `[${pod} ${container}]`)} ${text}`,
    trouble: (pod, text) => `${paint(trouble, `[${pod}]`)} ${text}`,
    note: (text) => paint(1, text),
  };
}
