/** Characters that East Asian Width of Unicode 16 calls wide or full, beside the emoji that browsers know. */
const wide: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dff],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];
const emoji = /^(?!\p{Regional_Indicator})\p{Emoji_Presentation}/u;
const none = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;

/** Returns how many columns a character takes: 0 for one that stands on the character before it. */
export function widthOf(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (none.test(character)) return 0;
  return emoji.test(character) || wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}
