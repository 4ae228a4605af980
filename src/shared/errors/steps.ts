const mostSteps = 8;

/** Says which steps each error went through, the outermost first. */
const steps = new WeakMap<object, string[]>();

/**
 * Notes on an error which step of a piece of work failed. The error stays what it is: those who catch it go by its
 * reason, and its text may have to be that of a real server.
 * @returns the error.
 */
export function failedAt(step: string, error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const known = steps.get(error) ?? [];
  // An error that several wait for may come by often.
  if (known[0] !== step && known.length < mostSteps) steps.set(error, [step, ...known]);
  return error;
}

/** The error as logs show it: `getting persistentvolumeclaims default/data: <its text>`, with the error as the cause. */
export function withSteps(error: unknown): unknown {
  const noted = typeof error === 'object' && error !== null ? steps.get(error) : undefined;
  if (!noted?.length) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new Error(`${noted.join(': ')}: ${text}`, { cause: error });
}

/** The text of an error with the steps that failed before it: for Events, and for messages between functions. */
export function textWithSteps(error: unknown): string {
  const shown = withSteps(error);
  return shown instanceof Error ? shown.message : String(shown);
}
