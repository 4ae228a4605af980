import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderInUse } from '../../local/datafolder/index.ts';
import { resetDataFolder } from '../../local/reset.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';

/** Begins the name of the temporary folder that each run of `shallop dev` has. */
export const folderPrefix = 'shallop-dev-';
/** Stands in a data folder from when a control plane has locked it for the first time. */
const mark = 'format';
/** Who has made a folder so long ago and has not locked it was killed before, or while it removed what was left. Milliseconds. */
const unlockedMs = 3_600_000;

/**
 * Ends what runs of `shallop dev` have left that were killed: their Pods and their temporary folders. One that lives has
 * its folder locked, and is left alone, as are those of other users.
 */
export async function removeLeftovers(tell: (line: string) => void): Promise<void> {
  for (const folder of foldersLeft()) {
    const reset =
      !hasMark(folder) ||
      (await resetDataFolder(folder).catch((error: Error) => {
        if (!(error instanceof FolderInUse))
          tell(`could not remove what a killed run had left: ${error.message}`);
        return undefined;
      }));
    if (!reset) continue;
    // Its kubeconfig and what says how its programs start.
    rmSync(folder, { recursive: true, force: true });
    tell(`removed what a killed 'shallop dev' had left: ${folder}`);
  }
}

const foldersLeft = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(folderPrefix))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => isOurs(folder) && (hasMark(folder) || isOld(folder)));

const hasMark = (folder: string): boolean =>
  lstatSync(join(folder, mark), { throwIfNoEntry: false })?.isFile() ?? false;

const isOld = (folder: string): boolean =>
  systemClock.now() - (lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) >
  unlockedMs;

/** Everybody may make folders in a temporary one, and links in it. */
function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return Boolean(found?.isDirectory()) && found!.uid === (process.getuid?.() ?? found!.uid);
}
