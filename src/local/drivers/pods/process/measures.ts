import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { findLimits } from '../native/limits.ts';
import { imageLink, readyFile } from '../native/script.ts';
import type { Run, Sandbox } from '../sandbox.ts';
import { bytesIn } from '../worker/diskUse.ts';
import { logFiles, type Rotation } from './criLog.ts';
import type { openPodProcesses } from './podProcesses.ts';
import { type RunFolder, rootsIn } from './runFolder.ts';
import type { RunPaths } from './runPaths.ts';
import type { Settings } from './settings.ts';
import { usageOf } from './usage.ts';

/** Describes what measuring a run needs of the sandbox. */
export interface MeasuredParts {
  paths: RunPaths;
  processes: ReturnType<typeof openPodProcesses>;
  limits: ReturnType<typeof findLimits>;
  rotation: Rotation;
  look(run: Run): RunFolder;
  settingOf(run: Run): Settings;
}

/** Tells what runs use of this machine, and as whom. */
export function measures({
  paths: { folderOf, logOf, rootOf, limitsOf },
  processes,
  limits,
  rotation,
  look,
  settingOf,
}: MeasuredParts): Required<Pick<Sandbox, 'usage' | 'diskUse' | 'userOf'>> {
  return {
    userOf(run) {
      const { jail } = settingOf(run);
      if (!jail) return undefined;
      const { uid, gid, groups } = jail.identity;
      return { uid, gid, supplementalGroups: groups };
    },

    async usage(run) {
      const now = look(run);
      if (now.kind !== 'running') return undefined;
      return usageOf({
        groups: [await processes.groupFor(run), ...limits.groupsOf(limitsOf(run))],
        pids: () => processes.ofRun(run, rootsIn(now)),
      });
    },

    async diskUse(run) {
      // A layer above an image, or the folder of a program of this machine, or a copy of an image; the others are empty.
      const changedAfter = await copiedAt(folderOf(run));
      const written = [
        bytesIn(join(folderOf(run), 'upper')),
        bytesIn(rootOf(run), { ...(changedAfter !== undefined && { changedAfter }) }),
      ];
      const logs = logFiles(logOf(run), rotation).map((file) =>
        lstat(file).then(
          ({ size }) => size,
          () => 0,
        ),
      );
      return (await Promise.all([...written, ...logs])).reduce((sum, each) => sum + each, 0);
    },
  };
}

/**
 * Returns when all of an image was in the root of a run, if it was copied, in milliseconds since the epoch: what has changed
 * since is the container's, as it would be in a layer above the image. Undefined for a run without an image.
 */
async function copiedAt(folder: string): Promise<number | undefined> {
  const changeOf = (name: string) =>
    lstat(join(folder, name)).then(
      ({ ctimeMs }) => ctimeMs,
      () => undefined,
    );
  if ((await changeOf(imageLink)) === undefined) return undefined;
  return (await changeOf(readyFile)) ?? Number.POSITIVE_INFINITY;
}
