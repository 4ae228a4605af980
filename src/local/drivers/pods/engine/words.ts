import { EngineError } from './client.ts';

/** Returns what an engine refused, as kubelet tells it. */
export const daemonError = (error: unknown): Error =>
  error instanceof EngineError ? new Error(`Error response from daemon: ${error.message}`) : (error as Error);

/**
 * Returns why a program could not be started, out of the many words around it of runtimes below an engine: undefined
 * where that is not what they say.
 */
export function startFailure(text: string): string | undefined {
  const missing =
    /(exec: "[^"]*": (?:executable file not found in \$PATH|stat [^:]*: no such file or directory|permission denied|is a directory|no such file or directory|exec format error))/.exec(
      text,
    );
  if (missing) return missing[1];
  // crun's words for the same.
  const [, program] = /executable file [`'"]([^`'"]*)[`'"] not found in \$PATH/.exec(text) ?? [];
  if (program) return `exec: "${program}": executable file not found in $PATH`;
  const runtime = /OCI (?:runtime|permission)[^:]*: (.*)/s.exec(text)?.[1];
  return runtime?.replace(/: unknown\s*$/, '').trim();
}

export const isStatus = (error: unknown, ...statuses: number[]): boolean =>
  error instanceof EngineError && statuses.includes(error.status);
