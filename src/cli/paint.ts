/** Are those that can be read on light and dark. */
const codes = {
  ...{ bold: 1, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 },
  ...{ brightGreen: 92, brightMagenta: 95, brightCyan: 96 },
};

export type Colour = keyof typeof codes;
export type Paint = (colour: Colour, text: string) => string;

type Env = Record<string, string | undefined>;

/** Returns whether a person looks, at a terminal that knows control sequences. */
export const isDrawn = ({ isTTY }: { isTTY?: boolean }, { TERM }: Env): boolean =>
  Boolean(isTTY) && TERM !== 'dumb';

/** Paints what goes to that stream; leaves it as it is where nobody sees colours, or wants any (https://no-color.org). */
export const paintOn = (stream: { isTTY?: boolean }, env: Env): Paint =>
  isDrawn(stream, env) && !env.NO_COLOR
    ? (colour, text) => `\u001b[${codes[colour]}m${text}\u001b[0m`
    : (_, text) => text;

/** Paints the word that a line of an error or a warning begins with. */
export const paintLead = (line: string, paint: Paint): string =>
  line
    .replace(/^(error:|Error from server( \(\w+\))?:)/, (word) => paint('red', word))
    .replace(/^Warning:/, (word) => paint('yellow', word));
