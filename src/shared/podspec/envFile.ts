/**
 * Returns the value of `key` in a file of environment variables, as kubelet reads one for `fileKeyRef`: `NAME='value'` with
 * single quotes, over several lines if need be, comments, and no space around the equals sign. Lines may end as on
 * Windows. Undefined when it is not
 * there or empty. Throws an Error in kubelet's words at what comes before it and is not like that.
 */
export function envFileValue(text: string, key: string): string | undefined {
  const lines = text.split(/\r?\n|\r$/);
  const wrong = (i: number, what: string) =>
    new Error(`invalid environment variable format at line ${i + 1}: ${what}`);
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? '').replace(/^[ \t]+/, '');
    if (!line || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    if (equals < 0) throw wrong(i, "missing '='");
    const name = line.slice(0, equals);
    if (!name.trim()) throw wrong(i, 'empty variable name');
    if (/[ \t]$/.test(name)) throw wrong(i, "whitespace before '=' is not allowed");
    const rest = line.slice(equals + 1);
    // As in a shell: what stands behind a space is not the value.
    if (/^[ \t]/.test(rest)) {
      if (name === key) return undefined;
      continue;
    }
    if (!rest.startsWith("'")) throw wrong(i, unquoted);
    const quoted = closing(lines, i, rest.slice(1));
    if (!quoted)
      throw new Error(`invalid environment variable format starting at line ${i + 1}: unclosed single quote`);
    i = quoted.line;
    if (!/^[ \t]*(#|$)/.test(quoted.after)) throw wrong(i, 'unexpected content after closing quote');
    if (name === key) return quoted.value || undefined;
  }
  return undefined;
}

const unquoted = 'value must be enclosed in single quotes';

/** What stands before the closing quote, and behind it, and in which line that is. */
function closing(lines: readonly string[], start: number, first: string) {
  const parts: string[] = [];
  for (let line = start; line < lines.length; line++) {
    const text = line === start ? first : (lines[line] ?? '');
    const end = text.indexOf("'");
    if (end >= 0)
      return { value: [...parts, text.slice(0, end)].join('\n'), after: text.slice(end + 1), line };
    parts.push(text);
  }
  return undefined;
}
