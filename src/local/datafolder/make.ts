import { access, constants } from 'node:fs/promises';
import { makeFolder } from '../drivers/makeFolder.ts';

/**
 * Makes the folder, for its owner alone, unless it is there; returns the first one made, undefined where none was.
 * @throws in words for whoever has named it when it can be no data folder.
 */
export async function makeDataFolder(folder: string): Promise<string | undefined> {
  try {
    const made = await makeFolder(folder, 0o700);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return made;
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const why = `${folder} cannot be a data folder (${message}); choose another --data-dir`;
    throw Object.assign(new Error(why, { cause: error }), { code });
  }
}
