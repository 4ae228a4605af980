/** Puts blanks before each line. */
export const indented = (amount: number, text: string): string =>
  ' '.repeat(amount) + text.replaceAll('\n', `\n${' '.repeat(amount)}`);

/** Breaks lines at blanks, as the library does that kubectl takes for it: a word of more than a line stays whole. */
export function wrapped(limit: number, text: string): string {
  let out = '';
  let column = 0;
  let word = '';
  let blanks = '';
  const flush = () => {
    column += blanks.length + word.length;
    out += blanks + word;
    word = blanks = '';
  };
  for (const char of text) {
    if (char === '\n') {
      // Blanks at the end of a line that is full are left out.
      if (!word && column + blanks.length > limit) blanks = '';
      flush();
      out += '\n';
      column = 0;
    } else if (/\s/.test(char) && char !== '\u00a0') {
      if (!blanks || word) flush();
      blanks += char;
    } else {
      word += char;
      if (column + word.length + blanks.length > limit && word.length < limit) {
        out += '\n';
        column = 0;
        blanks = '';
      }
    }
  }
  if (word || column + blanks.length <= limit) flush();
  return out;
}
