import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { table } from '../../shared/meta/table.ts';
import { isImageMap } from '../drivers/pods/process/imageMap.ts';

const folders = ['engine', 'events', 'images', 'network', 'pods', 'storage', 'volumes'];
const files = [
  ...['encryption.id', 'encryption.key', 'format', 'images.json', 'instance.json', 'kubelet-ports.json'],
  ...['lock', 'pki.json', 'port', 'up.log'],
];
/** What is being written stands beside its file until it is whole; who changes the images locks them. */
const draft =
  /^((encryption\.(id|key)|format|(images|instance|kubelet-ports)\.json|port)(\.\d+)?\.new|pki\.json\.new|up\.log\.\d+|images\.json\.lock(\.\d+)?)$/;

const imageFolders = ['blobs', 'drafts', 'names', 'roots'];

/** Says of a text whether shallop has written it: other programs have files of these names too. */
const texts: Readonly<Record<string, (text: string) => boolean>> = table({
  'encryption.key': (text) => text.split('\n').every(isKeyLine),
  format: (text) => /^\d+\s*$/.test(text),
  'images.json': isImageMap,
  'instance.json': (text) => Number.isInteger(parsed(text).pid),
  lock: (text) => text === '',
  'pki.json': (text) => typeof parsed(text).caKey === 'string',
});

/** Tells the entries of a folder that may be parts of a data folder, by name and type, from those that are not. */
export interface Entries {
  parts: string[];
  others: string[];
}

/** Reads what is in a folder. A link counts as what it leads to. */
export async function entriesOf(folder: string): Promise<Entries> {
  const entries: Entries = { parts: [], others: [] };
  for (const name of await readdir(folder))
    ((await isPart(folder, name)) ? entries.parts : entries.others).push(name);
  return entries;
}

async function isPart(folder: string, name: string): Promise<boolean> {
  if (!isName(name)) return false;
  const found = await stat(join(folder, name)).catch(() => undefined);
  return Boolean(folders.includes(name) ? found?.isDirectory() : found?.isFile());
}

const isName = (name: string) => folders.includes(name) || files.includes(name) || draft.test(name);

/**
 * Says whether a control plane has had a folder with these entries for its own. A name as plain as `storage` says nothing:
 * many a project has such a folder.
 */
export async function isDataFolder(folder: string, { parts, others }: Entries): Promise<boolean> {
  const has = async (name: string) => parts.includes(name) && (await isOurText(folder, name));
  if ((await has('pki.json')) || (await has('format'))) return true;
  if (others.length > 0) return false;
  // A start that broke off, and a format that cannot be read.
  const isDamaged = parts.includes('format') && (parts.includes('pki.json') || (await has('lock')));
  return isDamaged || (await has('instance.json')) || hasOnlyImages(folder, parts);
}

/** Says whether there is nothing but images, which may come before the first start, and what a reset that broke off has left. */
async function hasOnlyImages(folder: string, parts: string[]): Promise<boolean> {
  for (const name of parts) {
    const isOne = name === 'lock' || name === 'images' || name.startsWith('images.json');
    if (!isOne || !(await mayComeFirst(folder, name))) return false;
  }
  // A folder `images` that has some of these names only may be anybody's.
  return !parts.includes('images') || (await imagesInside(folder)).length === imageFolders.length;
}

/**
 * Looks at a folder before a control plane makes it its own.
 * @throws when something else in it has the name of a part, which would be written to and deleted by `reset`.
 */
export async function refuseOthersFolders(folder: string): Promise<void> {
  const entries = await entriesOf(folder);
  if (await isDataFolder(folder, entries)) return;
  const theirs = entries.others.filter(isName);
  for (const name of entries.parts) if (!(await mayComeFirst(folder, name))) theirs.push(name);
  if (theirs.length === 0) return;
  throw new Error(
    `${folder} cannot be a data folder (its ${theirs.sort().join(', ')} would be mixed with shallop's); choose another --data-dir`,
  );
}

/** Images and a key may come before the first start, and what a start leaves that breaks off. */
async function mayComeFirst(folder: string, name: string): Promise<boolean> {
  if (name === 'images') return (await imagesInside(folder)).every((entry) => imageFolders.includes(entry));
  // Whoever starts it may have its output go there.
  return name === 'up.log' || draft.test(name) || (await isOurText(folder, name)) || isGone(folder, name);
}

/** What systems leave in folders that somebody has looked at. */
const litter = ['.DS_Store', 'Thumbs.db', 'desktop.ini'];
const imagesInside = async (folder: string) =>
  (await readdir(join(folder, 'images'))).filter((name) => !litter.includes(name));

const isOurText = async (folder: string, name: string): Promise<boolean> =>
  texts[name]?.(await readFile(join(folder, name), 'utf8').catch(() => 'unreadable')) ?? false;

/** A reset may be about to remove all of it. */
const isGone = (folder: string, name: string): Promise<boolean> =>
  stat(join(folder, name)).then(
    () => false,
    (error) => error.code === 'ENOENT',
  );

function isKeyLine(line: string): boolean {
  const text = line.trim();
  return text === '' || text.startsWith('#') || Buffer.from(text, 'base64').length === 32;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
