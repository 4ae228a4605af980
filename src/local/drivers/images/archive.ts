import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HostileArchive, type Limits, usualLimits } from './layer.ts';
import {
  chosenOf,
  hostPlatform,
  type Manifest,
  manifestBytes,
  type PlatformDescriptor,
  readManifest,
} from './manifest.ts';
import { canonicalName, parseReference } from './reference.ts';
import type { Descriptor, ImageStore, StoredImage } from './store.ts';
import { tarEntries } from './tarEntries.ts';
import { decompressed, unpackImage } from './unpack.ts';

/**
 * Loads what `docker save` or an OCI archive holds, also compressed, and unpacks it. Answers the images; those that the
 * archive does not name go by `name`. Throws, keeping nothing, when it is neither, or lies.
 */
export async function loadArchive(
  store: ImageStore,
  archive: Readable,
  now: number,
  name?: string,
): Promise<StoredImage[]> {
  const done = await store.busy();
  const draft = store.draft();
  try {
    await mkdir(draft, { mode: 0o700 });
    const files = await readFiles(await decompressed(archive), draft, { ...usualLimits });
    const found = files.has('manifest.json') ? await ofDocker(store, files) : await ofLayout(store, files);
    const images: StoredImage[] = [];
    for (const { names, ...image } of found) {
      await unpackImage(store, image);
      const chosen = name ? [name] : names;
      if (!chosen.length)
        throw new Error('the archive does not name its image; give one: shallop image load FILE NAME');
      for (const each of chosen) {
        const stored = { ...image, name: canonicalName(parseReference(each)), loaded: true, storedAt: now };
        await store.save(stored);
        images.push(stored);
      }
    }
    return images;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await done();
  }
}

/** The archive's files by their names in it: where each stands in the draft. */
type Files = Map<string, string>;

interface Found {
  names: string[];
  manifest?: string;
  config: Descriptor;
  layers: Descriptor[];
}

/** Files are numbered in the draft, so that no name of the archive ever is a name on this machine. */
async function readFiles(tar: Readable, draft: string, budget: Limits): Promise<Files> {
  const files: Files = new Map();
  const links = new Map<string, string>();
  for await (const { header, body } of tarEntries(tar)) {
    const { name, type, size, linkname } = header;
    const plain = posix.normalize(name);
    budget.entries--;
    budget.bytes -= size;
    if (budget.entries < 0 || budget.bytes < 0) throw new HostileArchive(`${name}: the archive is too big`);
    if (type === 'file') {
      const file = join(draft, String(files.size));
      await pipeline(body, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      files.set(plain, file);
    } else if (type === 'symlink') links.set(plain, posix.join(posix.dirname(plain), linkname));
    else if (type === 'link') links.set(plain, posix.normalize(linkname));
  }
  for (const [name, to] of links) {
    const file = files.get(to);
    if (file) files.set(name, file);
  }
  return files;
}

async function ofDocker(store: ImageStore, files: Files): Promise<Found[]> {
  const list = JSON.parse(await textIn(files, 'manifest.json')) as {
    Config?: string;
    RepoTags?: string[] | null;
    Layers?: string[];
  }[];
  if (!Array.isArray(list)) throw new Error('manifest.json: not a list of images');
  const found: Found[] = [];
  for (const { Config = '', RepoTags, Layers = [] } of list) {
    const config = await take(store, files, Config, 'application/vnd.docker.container.image.v1+json');
    const layers: Descriptor[] = [];
    for (const layer of Layers)
      layers.push(await take(store, files, layer, 'application/vnd.docker.image.rootfs.diff.tar'));
    found.push({ names: RepoTags ?? [], config, layers });
  }
  return found;
}

async function ofLayout(store: ImageStore, files: Files): Promise<Found[]> {
  if (!files.has('index.json'))
    throw new Error(
      'neither an archive of docker save nor an OCI archive: it has no manifest.json and no index.json',
    );
  const index = readManifest(await textIn(files, 'index.json'));
  const found: Found[] = [];
  for (const entry of index.manifests ?? []) {
    const { descriptor, manifest } = await imageOf(files, entry);
    const config = await takeBlob(store, files, manifest.config!);
    const layers: Descriptor[] = [];
    for (const layer of manifest.layers!) layers.push(await takeBlob(store, files, layer));
    await takeBlob(store, files, descriptor);
    found.push({ names: namesOf(entry), manifest: entry.digest, config, layers });
  }
  return found;
}

async function imageOf(
  files: Files,
  descriptor: PlatformDescriptor,
): Promise<{ descriptor: Descriptor; manifest: Manifest }> {
  const manifest = readManifest(await textIn(files, blobName(descriptor)));
  if (!manifest.manifests) return { descriptor, manifest };
  const chosen = chosenOf(manifest.manifests, hostPlatform());
  return { descriptor: chosen, manifest: readManifest(await textIn(files, blobName(chosen))) };
}

/** The full name where a tool gives it; a lone tag names nothing. */
function namesOf({ annotations = {} }: PlatformDescriptor): string[] {
  const name = annotations['io.containerd.image.name'] ?? annotations['org.opencontainers.image.ref.name'];
  return name && /[/:]/.test(name) ? [name] : [];
}

const blobName = ({ digest }: Descriptor) => `blobs/${digest.replace(':', '/')}`;

async function textIn(files: Files, name: string): Promise<string> {
  const file = files.get(posix.normalize(name));
  if (!file) throw new Error(`the archive lacks ${name}`);
  if ((await stat(file)).size > manifestBytes) throw new HostileArchive(`${name}: too big`);
  return readFile(file, 'utf8');
}

/** Keeps a file of the archive as a blob, under the digest that it really has. */
async function take(store: ImageStore, files: Files, name: string, mediaType: string): Promise<Descriptor> {
  const file = files.get(posix.normalize(name));
  if (!file) throw new Error(`the archive lacks ${name}`);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  const digest = `sha256:${hash.digest('hex')}`;
  const { size } = await stat(file);
  const descriptor = { mediaType, digest, size };
  // Several images of an archive may share it.
  await rename(file, store.blobPath(digest));
  for (const [each, place] of files) if (place === file) files.set(each, store.blobPath(digest));
  return descriptor;
}

/** Keeps a file of the archive under the digest that a manifest gives it. Throws when it has another. */
async function takeBlob(store: ImageStore, files: Files, descriptor: Descriptor): Promise<Descriptor> {
  const found = await take(store, files, blobName(descriptor), descriptor.mediaType);
  if (found.digest !== descriptor.digest || found.size !== descriptor.size)
    throw new Error(
      `unexpected digest ${found.digest} of ${found.size} bytes, expected ${descriptor.digest} of ${descriptor.size}`,
    );
  return descriptor;
}
