import type { Input } from './verb.ts';

/** Opens this process's standard input for a verb that goes on reading. */
export function openInput(): Input {
  const { stdin, stdout } = process;
  return {
    chunks: stdin,
    ...(stdin.isTTY && {
      terminal: {
        setRaw: (isRaw) => void stdin.setRawMode(isRaw),
        size: () => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 }),
        onResize: (listener) => void stdout.on('resize', listener),
      },
    }),
    close: () => void stdin.destroy(),
  };
}
