import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { findLimits } from '../native/limits.ts';
import type { Run, Sandbox } from '../sandbox.ts';
import { bytesIn } from '../worker/diskUse.ts';
import { logFiles, type Rotation } from './criLog.ts';
import type { openPodProcesses } from './podProcesses.ts';
import { type RunFolder, rootsIn } from './runFolder.ts';
import type { RunPaths } from './runPaths.ts';
import { usageOf } from './usage.ts';

/** Describes what measuring a run needs of the sandbox. */
export interface MeasuredParts {
  paths: RunPaths;
  processes: ReturnType<typeof openPodProcesses>;
  limits: ReturnType<typeof findLimits>;
  rotation: Rotation;
  look(run: Run): RunFolder;
}

/** Tells what runs use of this machine. */
export function measures({
  paths: { folderOf, logOf, rootOf, limitsOf },
  processes,
  limits,
  rotation,
  look,
}: MeasuredParts): Required<Pick<Sandbox, 'usage' | 'diskUse'>> {
  return {
    async usage(run) {
      const now = look(run);
      if (now.kind !== 'running') return undefined;
      return usageOf({
        groups: [await processes.groupFor(run), ...limits.groupsOf(limitsOf(run))],
        pids: () => processes.ofRun(run, rootsIn(now)),
      });
    },

    async diskUse(run) {
      // A layer above an image, or the folder of a program of this machine; the other one is empty.
      const written = [join(folderOf(run), 'upper'), rootOf(run)].map((folder) => bytesIn(folder));
      const logs = logFiles(logOf(run), rotation).map((file) =>
        stat(file).then(
          ({ size }) => size,
          () => 0,
        ),
      );
      return (await Promise.all([...written, ...logs])).reduce((sum, each) => sum + each, 0);
    },
  };
}
