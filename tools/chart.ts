/** One figure of both: what it is of, in a unit, and whether more of it is better. */
export interface Bar {
  what: string;
  unit: string;
  ours: number;
  theirs: number;
  moreIsBetter: boolean;
}

const [width, left, right, top] = [880, 330, 180, 64];
const [barHeight, rowHeight, foot] = [13, 46, 30];
const room = width - left - right;

/**
 * Draws figures of shallop beside those of another as bars, in SVG: light and dark as the reader's system is. The longer one of each
 * pair has all the room; the text behind them says how many times one is the other.
 */
export function chartOf(bars: readonly Bar[], opponent: string, circumstances: string): string {
  const height = top + bars.length * rowHeight + foot;
  const told = bars
    .map(({ what, ours, theirs, unit }) => `${what}: ${ours} and ${theirs} ${unit}`)
    .join('; ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`shallop beside ${opponent}. ${told}`)}">
<style>
text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}.s{fill:#59636e;font-size:12px}.b{font-weight:600}
.o{fill:#1a7f5a}.t{fill:#9aa4af}.k{fill:#fff}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.o{fill:#3fb98a}.t{fill:#59636e}.k{fill:#0d1117}}
</style>
<rect class="k" width="${width}" height="${height}" rx="8"/>
<rect class="o" x="20" y="20" width="13" height="13"/><text class="b" x="40" y="31">shallop</text>
<rect class="t" x="110" y="20" width="13" height="13"/><text x="130" y="31">${escaped(opponent)}</text>
${bars.map(pair).join('\n')}
<text class="s" x="20" y="${height - 12}">${escaped(circumstances)}</text>
</svg>
`;
}

function pair(bar: Bar, at: number): string {
  const { what, ours, theirs, unit, moreIsBetter } = bar;
  const y = top + at * rowHeight;
  const most = Math.max(ours, theirs) || 1;
  const line = (name: string, value: number, below: number) => {
    const long = Math.max(1, Math.round((room * value) / most));
    const end = left + long + 8;
    return `<rect class="${name}" x="${left}" y="${y + below}" width="${long}" height="${barHeight}" rx="2"/><text class="s" x="${end}" y="${y + below + 11}">${numbered(value)} ${escaped(unit)}</text>`;
  };
  return `<text x="${left - 14}" y="${y + 14}" text-anchor="end">${escaped(what)}</text>
<text class="s" x="${left - 14}" y="${y + 30}" text-anchor="end">${moreIsBetter ? 'more' : 'less'} is better${verdict(bar)}</text>
${line('o', ours, 2)}
${line('t', theirs, 4 + barHeight)}`;
}

/** How much better, or worse, ours is; nothing where a figure is 0. */
function verdict({ ours, theirs, moreIsBetter }: Bar): string {
  if (!ours || !theirs) return '';
  return `: ${(moreIsBetter ? ours / theirs : theirs / ours).toFixed(1)} ×`;
}

const numbered = (value: number): string => value.toLocaleString('en');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
