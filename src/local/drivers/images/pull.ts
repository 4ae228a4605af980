import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { credentialsFor, type Keyring } from './credentials.ts';
import { chosenOf, hostPlatform, type Manifest, readManifest } from './manifest.ts';
import { canonicalName, type Reference, repositoryOf } from './reference.ts';
import { endpointsOf, openRegistry, PullError, type Registry } from './registry.ts';
import type { Descriptor, ImageStore, StoredImage } from './store.ts';
import { unpackImage } from './unpack.ts';

export interface PullOptions {
  keyrings: Keyring[];
  /** Addresses that are asked before a registry's own, by the registry's name. */
  mirrors: Record<string, string[]>;
  now: number;
}

/**
 * Brings an image here: its manifest, of a list the one for this machine, then what is missing of its configuration and
 * layers, each checked, and at last its root file system. Throws PullError in a container runtime's words, and then the
 * name means what it meant before.
 */
export async function pullImage(
  store: ImageStore,
  reference: Reference,
  options: PullOptions,
): Promise<StoredImage> {
  const name = canonicalName(reference);
  const failures: string[] = [];
  const done = await store.busy();
  try {
    for (const { url, isMirror } of endpointsOf(reference.domain, options.mirrors)) {
      // A mirror is another machine: it gets the credentials that are for it, and not those of the registry.
      const owner = isMirror ? `${new URL(url).host}/${reference.path}` : repositoryOf(reference);
      const registry = openRegistry(url, reference, credentialsFor(options.keyrings, owner));
      try {
        const image = await pullFrom(store, reference, registry, options);
        await store.save(image);
        return image;
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
  } finally {
    await done();
  }
  throw new PullError(`failed to pull and unpack image "${name}": ${failures[0]}`);
}

async function pullFrom(
  store: ImageStore,
  reference: Reference,
  registry: Registry,
  { now }: PullOptions,
): Promise<StoredImage> {
  const name = canonicalName(reference);
  const { digest, manifest } = await resolve(store, reference, registry).catch((error: Error) => {
    throw new PullError(`failed to resolve reference "${name}": ${error.message}`);
  });
  const config = manifest.config!;
  const layers = manifest.layers!;
  for (const piece of [config, ...layers]) await fetchBlob(store, registry, piece);
  await unpackImage(store, { config, layers });
  return { name, manifest: digest, config, layers, storedAt: now };
}

/** The manifest of the image for this machine, with the digest by which the whole is known. */
async function resolve(
  store: ImageStore,
  reference: Reference,
  registry: Registry,
): Promise<{ digest: string; manifest: Manifest }> {
  const first = await manifestOf(store, registry, reference.digest ?? reference.tag ?? 'latest');
  const list = first.manifest.manifests;
  if (!list) return first;
  const chosen = chosenOf(list, hostPlatform());
  const { manifest } = await manifestOf(store, registry, chosen.digest);
  if (manifest.manifests) throw new PullError('a list of images in a list of images');
  return { digest: first.digest, manifest };
}

async function manifestOf(store: ImageStore, registry: Registry, wanted: string) {
  const { text, digest: told } = await registry.manifest(wanted);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const expected = wanted.startsWith('sha256:') ? wanted : told;
  if (expected && expected !== digest)
    throw new PullError(`unexpected commit digest ${digest}, expected ${expected}: failed precondition`);
  const manifest = readManifest(text.toString());
  await store.writeBlob(
    { mediaType: manifest.mediaType ?? '', digest, size: text.length },
    Readable.from([text]),
  );
  return { digest, manifest };
}

async function fetchBlob(store: ImageStore, registry: Registry, piece: Descriptor): Promise<void> {
  if (await store.hasBlob(piece)) return;
  await store.writeBlob(piece, await registry.blob(piece.digest)).catch((error: Error) => {
    if (error instanceof PullError) throw error;
    throw new PullError(`failed to copy: ${error.message}`);
  });
}
