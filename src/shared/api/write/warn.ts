/** Adds what is not there yet: a write may be tried several times. */
export function warn(warnings: string[], more: string[] = []): void {
  for (const text of more) if (!warnings.includes(text)) warnings.push(text);
}
