/**
 * Looks and acts until what it acted on is still so: of several runs at the same time the last one to write may not be
 * the one that saw the newest. `act` answers whether it wrote anything; where it did not, nothing is looked at again.
 */
export async function untilSame<T>(
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
