/** Waits until a condition holds, looking again every `pauseMs`; says what it waited for when it gives up. */
export async function until(
  what: string,
  condition: () => unknown | Promise<unknown>,
  limitMs = 90_000,
  pauseMs = 10,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`gave up after ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
