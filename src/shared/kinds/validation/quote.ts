/** A string literal as Go's %q writes it, which differs from JSON for control characters. */
export const quoted = (text: string): string =>
  JSON.stringify(text).replace(/\\u([0-9a-f]{4})/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    if (code === 0x07) return '\\a';
    if (code === 0x0b) return '\\v';
    return code < 0x100 ? `\\x${hex.slice(2)}` : whole;
  });
