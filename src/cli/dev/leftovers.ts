import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FolderInUse } from '../../local/datafolder/index.ts';
import { entriesOf } from '../../local/datafolder/parts.ts';
import { resetDataFolder } from '../../local/reset.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';

/** Begins the name of the temporary folder that each run of `shallop dev` has. */
export const folderPrefix = 'shallop-dev-';
/** Stands in a data folder from when a control plane has locked it for the first time. */
const mark = 'format';
/** As mkdtemp names it. */
const folderName = new RegExp(`^${folderPrefix}\\w{6}$`);
/** What a run makes before its control plane locks the folder, besides parts of a data folder. */
const own = ['kubeconfig', 'programs'];
/** Who has made a folder so long ago and has not locked it was killed before, or while it removed what was left. Milliseconds. */
const unlockedMs = 3_600_000;

/**
 * Ends what runs of `shallop dev` have left that were killed: their Pods and their temporary folders. One that lives has
 * its folder locked, and is left alone, as are those of other users.
 */
export async function removeLeftovers(tell: (line: string) => void): Promise<void> {
  for (const folder of foldersLeft()) {
    const isEnded = hasMark(folder) ? await isReset(folder, tell) : await isForsaken(folder);
    if (!isEnded) continue;
    // Its kubeconfig and what says how its programs start.
    rmSync(folder, { recursive: true, force: true });
    tell(`removed what a killed 'shallop dev' had left: ${folder}`);
  }
}

const foldersLeft = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(folderPrefix))
    .map((name) => join(tmpdir(), name))
    .filter(isOurs);

const isReset = (folder: string, tell: (line: string) => void): Promise<boolean> =>
  resetDataFolder(folder).then(Boolean, (error: Error) => {
    if (!(error instanceof FolderInUse))
      tell(`could not remove what a killed run had left: ${error.message}`);
    return false;
  });

/** Tells a run's folder from what is somebody's own: other programs and people make folders of such names too. */
async function isForsaken(folder: string): Promise<boolean> {
  if (!folderName.test(basename(folder)) || !isOld(folder)) return false;
  // Somebody else may remove it meanwhile, or nobody may look into it.
  const entries = await entriesOf(folder).catch(() => undefined);
  return entries?.others.every((name) => own.includes(name)) ?? false;
}

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
