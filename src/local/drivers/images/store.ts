import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Drafts, openDrafts } from './drafts.ts';
import { digestPattern } from './reference.ts';

/** A piece of an image, as manifests speak of it. */
export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

/** An image under one of its names. */
export interface StoredImage {
  /** In full, as canonicalName() makes it. */
  name: string;
  /** The digest under which a registry knows it; absent for one that was loaded from an archive without. */
  manifest?: string;
  config: Descriptor;
  layers: Descriptor[];
  /** It came from an archive and not from a registry. */
  loaded?: boolean;
  /** Says when it came here: milliseconds since the epoch. */
  storedAt: number;
}

/**
 * Images on disk: `blobs/` by digest, `roots/`, a root file system a configuration, `names/`, a file for each name.
 * Every file and folder appears whole, by renaming, so that a process killed at any moment leaves at most a draft, and
 * several processes may work on one store.
 */
export interface ImageStore {
  readonly folder: string;
  blobPath(digest: string): string;
  hasBlob(descriptor: Descriptor): Promise<boolean>;
  /** Keeps what comes. Throws when it is not what the descriptor says, and keeps nothing then. */
  writeBlob(descriptor: Descriptor, content: Readable): Promise<void>;
  readJson(digest: string): Promise<unknown>;
  /** The folder of the root file system of a configuration; there once it is complete. */
  rootPath(config: string): string;
  /** A folder for a draft, removed by sweep() if nobody renames it. */
  draft(): string;
  save(image: StoredImage): Promise<void>;
  find(name: string): Promise<StoredImage | undefined>;
  list(): Promise<StoredImage[]>;
  /** Notes that a container was made of an image, or seen with it. Milliseconds since the epoch. */
  used(name: string, at: number): Promise<void>;
  /** Says when that was last; when the image came here, if it never was. */
  lastUsed(name: string): Promise<number>;
  /** Answers whether there was one. */
  forget(name: string): Promise<boolean>;
  /**
   * Removes blobs and roots that no image refers to, but for roots in `kept`. Answers the bytes of blobs that were freed;
   * undefined, and nothing of them is removed, while something is on its way here. What comes meanwhile waits.
   */
  sweep(kept?: Set<string>): Promise<number | undefined>;
  /** Removes what processes that were killed have left half written, unless something is on its way here. */
  tidy(): Promise<void>;
  /** Says that an image is on its way here, as `Drafts` has it: nothing is swept meanwhile. */
  busy: Drafts['busy'];
}

export function openImageStore(folder: string): ImageStore {
  const at = (...parts: string[]) => join(folder, ...parts);
  for (const name of ['blobs', 'roots', 'names', 'drafts'])
    mkdirSync(at(name), { recursive: true, mode: 0o700 });
  const blobPath = (digest: string) => at('blobs', hexOf(digest));
  const nameFile = (name: string) => at('names', `${createHash('sha256').update(name).digest('hex')}.json`);
  const { path: draft, busy, alone } = openDrafts(at('drafts'));
  const list = async () => {
    const files = (await readdir(at('names'))).filter((file) => file.endsWith('.json'));
    const images = await Promise.all(files.map((file) => readImage(at('names', file))));
    return images.filter((image) => image !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
  };

  return {
    folder,
    blobPath,
    draft,
    list,
    hasBlob: async ({ digest, size }) => (await stat(blobPath(digest)).catch(() => undefined))?.size === size,
    async writeBlob({ digest, size }, content) {
      const file = draft();
      const hash = createHash('sha256');
      let length = 0;
      const checked = new Transform({
        transform(chunk: Buffer, _, done) {
          length += chunk.length;
          hash.update(chunk);
          done(
            length > size ? new Error(`${digest} is longer than the ${size} bytes it should have`) : null,
            chunk,
          );
        },
      });
      try {
        await pipeline(content, checked, createWriteStream(file, { mode: 0o600 }));
        const found = `sha256:${hash.digest('hex')}`;
        if (length !== size)
          throw new Error(`${digest} has ${length} bytes, not ${size}: unexpected commit size`);
        if (found !== digest)
          throw new Error(`unexpected commit digest ${found}, expected ${digest}: failed precondition`);
        await rename(file, blobPath(digest));
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    },
    readJson: async (digest) => JSON.parse(await readFile(blobPath(digest), 'utf8')),
    rootPath: (config) => at('roots', hexOf(config)),
    async save(image) {
      const file = draft();
      await writeFile(file, JSON.stringify(image), { mode: 0o600 });
      await rename(file, nameFile(image.name));
    },
    find: (name) => readImage(nameFile(name)),
    // Outside of what the file says, so that a pull that replaces it meanwhile is not undone.
    used: (name, at) => utimes(nameFile(name), at / 1000, at / 1000).catch(() => {}),
    lastUsed: async (name) => (await stat(nameFile(name)).catch(() => undefined))?.mtimeMs ?? 0,
    async forget(name) {
      const there = existsSync(nameFile(name));
      await rm(nameFile(name), { force: true });
      return there;
    },
    busy,
    tidy: async () => void (await alone(async () => {})),
    sweep: (kept) =>
      alone(async () => {
        const images = await list();
        const digests = images.flatMap(({ manifest, config, layers }) => [
          ...(manifest ? [manifest] : []),
          config.digest,
          ...layers.map(({ digest }) => digest),
        ]);
        const blobs = new Set(digests.map(hexOf));
        const roots = new Set(images.map(({ config }) => hexOf(config.digest)));
        let freed = 0;
        for (const name of await readdir(at('blobs')))
          if (!blobs.has(name)) {
            freed += (await stat(at('blobs', name))).size;
            await rm(at('blobs', name), { force: true });
          }
        for (const name of await readdir(at('roots')))
          if (!roots.has(name) && !kept?.has(at('roots', name)))
            await removeFolder(at('roots', name), draft());
        return freed;
      }),
  };
}

/** Reads a blob. */
export const readBlob = (store: ImageStore, digest: string): Readable =>
  createReadStream(store.blobPath(digest));

/** Renamed first, so that nobody finds half a folder under its name. */
async function removeFolder(folder: string, by: string): Promise<void> {
  await rename(folder, by);
  await rm(by, { recursive: true, force: true, maxRetries: 3 });
}

function hexOf(digest: string): string {
  if (!digestPattern.test(digest)) throw new Error(`invalid digest ${JSON.stringify(digest)}`);
  return digest.slice('sha256:'.length);
}

async function readImage(file: string): Promise<StoredImage | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StoredImage;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
