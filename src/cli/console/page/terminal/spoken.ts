/** Returns what a screen reader is to say of new output: not what the reader has just typed, which it has said already. */
export function withoutEcho(said: string, typed: string): string {
  let rest = typed;
  let heard = '';
  for (const character of said)
    if (character === rest[0]) rest = rest.slice(1);
    else {
      heard += character;
      // What is not echoed at once is not echoed: a password.
      rest = '';
    }
  return heard;
}
