import { join } from 'node:path';
import type { Run } from '../sandbox.ts';

/** Describes where the files of Pods and of their runs are. */
export type RunPaths = ReturnType<typeof runPaths>;

/** @param memory a folder that is not written to a disk; absent: there is none. */
export function runPaths(home: string, memory: string | undefined) {
  const podFolder = ({ ref }: Pick<Run, 'ref'>) => join(home, ref.uid);
  const folderOf = (run: Run) => join(podFolder(run), run.container, String(run.number));
  const logOf = (run: Run) => `${folderOf(run)}.log`;
  /** Returns where what a run was started with is written down: its environment may hold Secrets. */
  const notesOf = (run: Run) =>
    memory ? join(memory, run.ref.uid, run.container, String(run.number)) : folderOf(run);
  const rootOf = (run: Run) => join(folderOf(run), 'root');
  const limitsOf = ({ ref, container, number }: Run) => join(ref.uid, `${container}.${number}`);
  return { podFolder, folderOf, logOf, notesOf, rootOf, limitsOf };
}
