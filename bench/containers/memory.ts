import { readdirSync, readFileSync } from 'node:fs';

/** Numbers of all processes. */
export const processes = (): Set<string> =>
  new Set(readdirSync('/proc').filter((name) => /^\d+$/.test(name)));

/**
 * MiB of the processes that are there since `before` and have one of the marks in their command line, environment or
 * mounts. Pages that several processes share count once among them.
 */
export function memoryOf(marks: string[], before: Set<string>): number {
  const texts = ['cmdline', 'environ', 'mountinfo'];
  const isMarked = (pid: string) =>
    texts.some((file) => {
      const text = read(`/proc/${pid}/${file}`);
      return marks.some((mark) => text.includes(mark));
    });
  const kibibytes = (pid: string) =>
    Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
  const mine = [...processes()].filter((pid) => !before.has(pid) && isMarked(pid));
  return mine.reduce((sum, pid) => sum + kibibytes(pid), 0) / 1024;
}

/** Empty of what has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
