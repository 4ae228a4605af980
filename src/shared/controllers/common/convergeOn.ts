/**
 * Repeats `look` and `act` until a second look shows the inputs unchanged, so that with concurrent runs the newest input
 * wins. `act` returns whether it wrote anything; when it did not, there is no second look.
 */
export async function convergeOn<T>(
  look: () => Promise<T>,
  act: (seen: T) => Promise<boolean>,
  isSame: (now: T, seen: T) => boolean,
): Promise<void> {
  let seen = await look();
  while (await act(seen)) {
    const now = await look();
    if (isSame(now, seen)) return;
    seen = now;
  }
}
