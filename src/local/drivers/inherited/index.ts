import { openSync, readdirSync, readFileSync } from 'node:fs';

/*
 * LMDB opens its file so that programs which this process starts have it too, for reading and writing. Node offers no way to
 * forbid that afterwards. So its number is given to something else in them.
 */

/** What a program is given as a file: as in spawn() of Node. */
export type Stdio = 'ignore' | 'pipe' | number;

/** Numbers of files that programs would inherit. One that has been closed since does no harm here. */
const inheritable = new Set<number>();
const closeOnExec = 0o2_000_000;
let nothing: number | undefined;

/** Notes what programs would inherit of what is open now; to be called when something was opened by other code than Node's. */
export function noteInheritable(): void {
  if (process.platform !== 'linux') return;
  for (const name of readdirSync('/proc/self/fd')) {
    const fd = Number(name);
    if (fd > 2 && !isClosedOnExec(fd)) inheritable.add(fd);
  }
}

/** Returns what a program is to have open, with nothing behind each number that it would inherit beside that. */
export function sealed(stdio: Stdio[]): Stdio[] {
  if (nothing === undefined) {
    noteInheritable();
    nothing = openSync('/dev/null', 'r');
  }
  const all = [...stdio];
  for (const fd of inheritable) {
    while (all.length <= fd) all.push('ignore');
    if (all[fd] === 'ignore') all[fd] = nothing;
  }
  return all;
}

/** Returns whether the file is closed in programs that are started; it may be gone by now. */
function isClosedOnExec(fd: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '';
    return (Number.parseInt(flags, 8) & closeOnExec) !== 0;
  } catch {
    return true;
  }
}
