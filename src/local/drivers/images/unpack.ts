import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { PassThrough, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { applyLayer, type Limits, usualLimits } from './layer.ts';
import { type Descriptor, type ImageStore, readBlob } from './store.ts';

/** Describes what an image's configuration says of its layers and of how to run it. */
export interface ImageDescription {
  architecture?: string;
  os?: string;
  created?: string;
  rootfs?: { diff_ids?: string[] };
  config?: {
    Entrypoint?: string[] | null;
    Cmd?: string[] | null;
    Env?: string[] | null;
    WorkingDir?: string;
    User?: string;
    StopSignal?: string;
    Volumes?: Record<string, unknown> | null;
  };
}

/** Makes an image's root file system, once: complete or not at all. Throws, leaving nothing behind. */
export async function unpackImage(
  store: ImageStore,
  image: { config: Descriptor; layers: Descriptor[] },
  limits: Limits = usualLimits,
): Promise<void> {
  if (existsSync(store.rootPath(image.config.digest))) return;
  const { rootfs } = (await store.readJson(image.config.digest)) as ImageDescription;
  const wanted = rootfs?.diff_ids ?? [];
  if (wanted.length !== image.layers.length)
    throw new Error(
      `mismatched image rootfs and manifest layers: ${wanted.length} and ${image.layers.length}`,
    );
  const draft = store.draft();
  await mkdir(draft, { mode: 0o755 });
  const budget = { ...limits };
  const owners = process.getuid?.() === 0;
  try {
    for (const [i, { digest }] of image.layers.entries()) {
      const hash = createHash('sha256');
      const tee = new Transform({
        transform(chunk: Buffer, _, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      });
      const tar = new PassThrough();
      const plain = decompressed(readBlob(store, digest));
      const reading = pipeline(await plain, tee, tar);
      reading.catch((error: Error) => tar.destroy(error));
      await applyLayer(draft, tar, { budget, owners });
      // What comes after the archive's end counts too.
      tar.resume();
      await reading;
      const found = `sha256:${hash.digest('hex')}`;
      if (found !== wanted[i])
        throw new Error(`layer ${digest} unpacks to ${found}, and its image says ${wanted[i]}`);
    }
    await rename(draft, store.rootPath(image.config.digest)).catch((error: NodeJS.ErrnoException) => {
      // Another process was first, with the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Layers tell by their first bytes how they are compressed. */
export async function decompressed(source: Readable): Promise<Readable> {
  const first = await firstBytes(source);
  const through = (step: Transform) => {
    source.once('error', (error) => step.destroy(error));
    return source.pipe(step);
  };
  if (first[0] === 0x1f && first[1] === 0x8b) return through(zlib.createGunzip());
  if (first.readUInt32LE(0) === 0xfd2fb528) {
    if (!zlib.createZstdDecompress) throw new Error('a layer compressed by zstd takes Node 22.15 or newer');
    return through(zlib.createZstdDecompress());
  }
  return source;
}

function firstBytes(source: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const chunk: Buffer | null = source.read();
      if (!chunk) return;
      source.off('readable', look);
      source.off('error', reject);
      source.unshift(chunk);
      resolve(Buffer.concat([chunk.subarray(0, 4), Buffer.alloc(4)]));
    };
    source.on('readable', look);
    source.once('error', reject);
    source.once('end', () => resolve(Buffer.alloc(4)));
  });
}
