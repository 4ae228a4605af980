import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { terminalOf } from './page/terminal/commands.ts';
import { Screen } from './page/terminal/screen.ts';

// Not beside the terminal: what is in the page is checked without the types of Node.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
setFlagsFromString('--no-expose-gc');

/** Has a program draw all of the screen, save its place there and leave. */
function visit(screen: Screen): WeakRef<object> {
  const terminal = terminalOf(screen, () => {});
  terminal.write('\x1b[?1049h\x1b7');
  const alternate = new WeakRef(screen.grid);
  terminal.write('\x1b[?1049l');
  return alternate;
}

test('an alternate screen that was left is not kept, though a place on it was saved', async () => {
  const screen = new Screen(24, 80);
  const alternate = visit(screen);
  // What a turn of the event loop has used is collected after it at the earliest.
  for (let turn = 0; turn < 20 && alternate.deref(); turn++) {
    await setImmediate();
    collect();
  }
  expect(alternate.deref()).toBeUndefined();
  expect(screen.isAlternate).toBe(false);
});
