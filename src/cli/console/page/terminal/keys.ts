import { table } from '../../../../shared/meta/table.ts';

/** A key of the keyboard, as browsers tell of it. */
export interface Key {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

const cursorKeys = table<Record<string, string>>({
  ArrowUp: 'A',
  ArrowDown: 'B',
  ArrowRight: 'C',
  ArrowLeft: 'D',
  End: 'F',
  Home: 'H',
});
const functionKeys = table<Record<string, string>>({ F1: 'P', F2: 'Q', F3: 'R', F4: 'S' });
const numberedKeys = table<Record<string, number>>({
  Insert: 2,
  Delete: 3,
  PageUp: 5,
  PageDown: 6,
  F5: 15,
  F6: 17,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
});
const namedKeys = table<Record<string, string>>({
  Enter: '\r',
  Tab: '\t',
  Backspace: '\x7f',
  Escape: '\x1b',
});

/**
 * Returns what a terminal sends for a key; undefined for those that are the browser's: letters, which come as text, and what
 * copies, pastes and scrolls. `isApplication`: the program has asked for cursor keys of its own.
 */
export function sentFor(key: Key, isApplication: boolean): string | undefined {
  if (key.metaKey || isBrowsers(key)) return undefined;
  const { key: name, ctrlKey, altKey, shiftKey } = key;
  const held = 1 + (shiftKey ? 1 : 0) + (altKey ? 2 : 0) + (ctrlKey ? 4 : 0);
  const cursor = cursorKeys[name];
  if (cursor) return held > 1 ? `\x1b[1;${held}${cursor}` : `\x1b${isApplication ? 'O' : '['}${cursor}`;
  const one = functionKeys[name];
  if (one) return held > 1 ? `\x1b[1;${held}${one}` : `\x1bO${one}`;
  const number = numberedKeys[name];
  if (number) return `\x1b[${number}${held > 1 ? `;${held}` : ''}~`;
  if (name === 'Tab' && shiftKey) return '\x1b[Z';
  if (name === 'Backspace' && ctrlKey) return '\b';
  const named = namedKeys[name];
  if (named) return altKey ? `\x1b${named}` : named;
  // Both together are AltGr of some keyboards, which makes a character.
  if (ctrlKey) return altKey ? undefined : controlled(name);
  return altKey && /^[ -~]$/.test(name) ? `\x1b${name}` : undefined;
}

/** Ctrl with a letter, and with the few signs that have a control character. */
function controlled(name: string): string | undefined {
  if (name === ' ') return '\0';
  if (name === '/') return '\x1f';
  return /^[@-_a-z]$/.test(name) ? String.fromCharCode(name.charCodeAt(0) & 0x1f) : undefined;
}

const isBrowsers = ({ key, ctrlKey, shiftKey }: Key): boolean =>
  (ctrlKey && shiftKey && /^[cv]$/i.test(key)) || (shiftKey && /^(Insert|PageUp|PageDown)$/.test(key));

/** What is sent for pasted text: a program that asks for it is told where it begins and ends, so that it runs nothing of it. */
export function sentForPaste(text: string, isBracketed: boolean): string {
  const lines = text.replace(/\r?\n/g, '\r');
  // Without ESC it cannot hold its own end.
  return isBracketed ? `\x1b[200~${lines.replaceAll('\x1b', '')}\x1b[201~` : lines;
}
