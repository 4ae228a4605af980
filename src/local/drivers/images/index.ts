import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Clock } from '../../../shared/clock/clock.ts';
import { type FoundImage, ImageMissing, type PulledImage } from '../pods/sandbox.ts';
import { loadArchive } from './archive.ts';
import { keyringOf } from './credentials.ts';
import { pullImage } from './pull.ts';
import { canonicalName, parseReference, repositoryOf } from './reference.ts';
import { type ImageStore, openImageStore, type StoredImage } from './store.ts';
import type { ImageDescription } from './unpack.ts';

export type { StoredImage } from './store.ts';

/** Images in the data folder: from archives, and from registries. */
export interface Images {
  /** Looks an image up here. Throws ImageMissing, or InvalidImageName. */
  find(name: string): Promise<FoundImage>;
  /** Fetches an image, with the Docker configurations of Secrets as credentials. Throws with why it cannot. */
  pull(name: string, secrets: Record<string, string>[]): Promise<PulledImage>;
  /** Returns what `docker save` or an OCI archive holds. */
  load(archive: Readable, name?: string): Promise<StoredImage[]>;
  list(): Promise<StoredImage[]>;
  /** Answers whether there was one. What else it held goes with prune(). */
  remove(name: string): Promise<boolean>;
  /**
   * Removes what no name and no `kept` root file system needs. Answers the bytes that were freed; undefined, and nothing
   * is removed, while images are being pulled or loaded.
   */
  prune(kept?: Set<string>): Promise<number | undefined>;
}

export interface ImagesOptions {
  folder: string;
  clock: Clock;
  mirrors?: Record<string, string[]>;
}

export function openImages({ folder, clock, mirrors = {} }: ImagesOptions): Images {
  const store = openImageStore(folder);
  /** Fetches under way: concurrent requests for the same image with the same credentials share one. */
  const underWay = new Map<string, Promise<StoredImage>>();

  return {
    async find(name) {
      const reference = parseReference(name);
      const image = await store.find(canonicalName(reference));
      if (!image || !existsSync(store.rootPath(image.config.digest)))
        throw new ImageMissing(`image "${name}" is not present`);
      await store.used(image.name, clock.now());
      return foundImage(store, image);
    },
    async pull(name, secrets) {
      const reference = parseReference(name);
      const key = JSON.stringify([canonicalName(reference), secrets]);
      const work =
        underWay.get(key) ??
        pullImage(store, reference, {
          keyrings: secrets.map(keyringOf),
          mirrors,
          now: clock.now(),
        }).finally(() => underWay.delete(key));
      underWay.set(key, work);
      const image = await work;
      return { image: await foundImage(store, image), bytes: sizeOf(image) };
    },
    load: (archive, name) => loadArchive(store, archive, clock.now(), name),
    list: () => store.list(),
    remove: (name) => store.forget(canonicalName(parseReference(name))),
    prune: (kept) => store.sweep(kept),
  };
}

export const sizeOf = ({ config, layers }: StoredImage): number =>
  layers.reduce((sum, { size }) => sum + size, config.size);

/** Returns how the kubelet names an image in a Pod's status: by the digest of its manifest, or of its configuration. */
const idOf = ({ name, manifest, config }: StoredImage): string =>
  manifest ? `${repositoryOf(parseReference(name))}@${manifest}` : config.digest;

async function foundImage(store: ImageStore, image: StoredImage): Promise<FoundImage> {
  const { config = {} } = (await store.readJson(image.config.digest)) as ImageDescription;
  const env = Object.fromEntries(
    (config.Env ?? []).map((line) => {
      const [, key = '', value = ''] = /^([^=]*)=?([\s\S]*)$/.exec(line) ?? [];
      return [key, value];
    }),
  );
  return {
    id: idOf(image),
    root: store.rootPath(image.config.digest),
    command: config.Entrypoint ?? [],
    args: config.Cmd ?? [],
    env,
    workingDir: config.WorkingDir || '/',
    ...(image.loaded && { loaded: true }),
    volumes: Object.keys(config.Volumes ?? {}),
    ...(config.User && { user: config.User }),
    ...(config.StopSignal && { stopSignal: config.StopSignal }),
  };
}
