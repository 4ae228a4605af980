/** A line as a terminal showed it. */
export interface Line {
  text: string;
  isCommand: boolean;
  /** When it was typed, or was printed, in milliseconds since the recording began. */
  atMs: number;
}

const [lineHeight, charWidth, margin, top] = [18, 7.82, 16, 44];
const columnsOfWindow = 118;

/** Nobody waits longer than this for the next line to play. */
const longestPauseMs = 1500;
const typingMs = 45;
/** Between what a command has printed and the next one that is typed. */
const readingMs = 700;

/** When lines come in the picture: as recorded, but pauses are short, and commands take the time to type them. */
export function playedAt(lines: readonly Line[]): number[] {
  let at = 0;
  return lines.map(({ isCommand, atMs }, i) => {
    const before = lines[i - 1];
    if (before) at += Math.min(longestPauseMs, Math.max(0, atMs - before.atMs));
    if (before?.isCommand) at += typingMs * before.text.length;
    if (before && isCommand) at += readingMs;
    return Math.round(at);
  });
}

/** As a window of that width shows it. */
const wrapped = (line: Line): Line[] =>
  (line.text.match(new RegExp(`.{1,${columnsOfWindow}}`, 'g')) ?? ['']).map((text, at) => ({
    ...line,
    text,
    isCommand: line.isCommand && at === 0,
  }));

/**
 * A window in which the recording plays, once, and stays at its end; for those who want less motion it is there at once. The
 * text is text, and nothing has to be loaded for it.
 */
export function draw(said: readonly Line[]): string {
  const lines = said.flatMap(wrapped);
  const times = playedAt(lines);
  const columns = Math.max(...lines.map(({ text }) => text.length + 2));
  const width = Math.ceil(columns * charWidth + 2 * margin);
  const height = top + lines.length * lineHeight + margin;
  const rows = lines.map(({ text, isCommand }, at) => {
    const y = top + at * lineHeight + 10;
    const prompt = isCommand ? '<tspan class="p">$ </tspan>' : '';
    const delay = `animation-delay:${times[at]}ms`;
    const typed = isCommand
      ? ` class="c" style="${delay};animation-duration:${typingMs * text.length}ms;animation-timing-function:steps(${text.length})"`
      : ` style="${delay}"`;
    return `<text x="${margin}" y="${y}"${typed} xml:space="preserve">${prompt}${escaped(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal session with shallop">
<style>
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#c9d1d9;animation:show 1ms backwards}
.c{fill:#fff;font-weight:600;animation-name:type}.p{fill:#3fb950}
@keyframes show{from{opacity:0}to{opacity:1}}
@keyframes type{from{clip-path:inset(0 100% 0 0)}to{clip-path:inset(0 0 0 0)}}
@media (prefers-reduced-motion:reduce){text{animation:none}}
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${['#ff5f57', '#febc2e', '#28c840'].map((colour, at) => `<circle cx="${margin + 4 + at * 18}" cy="18" r="6" fill="${colour}"/>`).join('')}
${rows.join('\n')}
</svg>
`;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
