/** A finding in an expression, at an offset of its text; without one it concerns the whole. */
export interface Issue {
  readonly at: number | undefined;
  readonly message: string;
}

const mostIssues = 100;
const longestSnippet = 16_384;

/** Issues in cel-go's words: the place, the message, the line and a mark below the column. */
export function showIssues(text: string, issues: readonly Issue[]): string {
  const placed = issues.slice(0, mostIssues).map((issue) => ({ issue, ...place(text, issue.at) }));
  placed.sort((a, b) => a.line - b.line || a.column - b.column);
  const shown = placed.map(({ issue, line, column }) => showIssue(text, issue.message, line, column));
  if (issues.length > mostIssues) shown.push(`${issues.length - mostIssues} more errors were truncated`);
  return shown.join('\n');
}

/** Lines count from 1, columns from 0 and in characters. */
function place(text: string, at: number | undefined): { line: number; column: number } {
  if (at === undefined) return { line: -1, column: -1 };
  if (text === '') return { line: 1, column: -1 };
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: [...before.at(-1)!].length };
}

function showIssue(text: string, message: string, line: number, column: number): string {
  const head = `ERROR: <input>:${line}:${column + 1}: ${message}`;
  const snippet = text.split('\n')[line - 1]?.replaceAll('\t', ' ');
  if (snippet === undefined || column < 0 || snippet.length > longestSnippet) return head;
  const characters = [...snippet];
  const wide = (character: string | undefined) => character !== undefined && character > '\x7f';
  const marks = characters.slice(0, column).map((character) => (wide(character) ? '．' : '.'));
  return `${head}\n | ${snippet}\n | ${marks.join('')}${wide(characters[column]) ? '＾' : '^'}`;
}
