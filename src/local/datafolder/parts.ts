import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders in which only a control plane writes, after it has made the folder its own. */
const folders = ['engine', 'events', 'network', 'pods', 'storage', 'volumes'];
const files = [
  ...['encryption.id', 'encryption.key', 'format', 'images.json', 'instance.json', 'kubelet-ports.json'],
  ...['lock', 'pki.json', 'port', 'up.log'],
];
/** Images may come before the first start. */
const images = 'images';
const imageFolders = ['blobs', 'drafts', 'names', 'roots'];

const parts = new Set([...folders, ...files, images]);
/** What is being written has the number of its process, and often `.new`, behind its name; what is locked has a `.lock` beside. */
const draft = /(\.\d+)?(\.new|\.lock)?$/;

/** Says whether an entry of a data folder is ours: somebody may keep other files beside. */
export const isPart = (entry: string): boolean => parts.has(entry) || parts.has(entry.replace(draft, ''));

/**
 * Says whether a control plane has had a folder with these entries for its own. A name as plain as `storage` says nothing:
 * many a project has such a folder.
 */
export async function isDataFolder(folder: string, entries: string[]): Promise<boolean> {
  if (entries.includes('pki.json')) return true;
  if (entries.includes('instance.json') && entries.every(isPart)) return true;
  return /^\d+\s*$/.test(await readFile(join(folder, 'format'), 'utf8').catch(() => ''));
}

/**
 * Looks at a folder before a control plane makes it its own.
 * @throws when something else's folder has the name of one of ours, which would be written to and deleted by `reset`.
 */
export async function refuseOthersFolders(folder: string): Promise<void> {
  const entries = await readdir(folder);
  if (await isDataFolder(folder, entries)) return;
  const theirs = entries.filter((entry) => folders.includes(entry));
  if (entries.includes(images)) {
    const inside = await readdir(join(folder, images)).catch(() => ['']);
    if (!inside.every((entry) => imageFolders.includes(entry))) theirs.push(images);
  }
  if (theirs.length === 0) return;
  throw new Error(
    `${folder} cannot be a data folder (its ${theirs.sort().join(', ')} would be mixed with shallop's); choose another --data-dir`,
  );
}
