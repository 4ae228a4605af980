import { createCipheriv } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  dockerArchive,
  type Entry,
  imageOf,
  programsLayer,
  type TestImage,
} from '../../test/support/images/layers.ts';

const fileBytes = 40_000;

/** An image that does nothing for ever, with files of no use beside its program. */
export interface BenchImage {
  image: TestImage;
  /** MiB of its only layer once it is unpacked. */
  mebibytes: number;
}

/** @param seed two images of other seeds have no layer in common. */
export async function benchImage(seed: number, files: number): Promise<BenchImage> {
  const layer = await programsLayer(['sleep'], filesOf(seed, files));
  const image = imageOf([layer], { Cmd: ['/bin/sleep', 'infinity'] }, (bytes) =>
    gzipSync(bytes, { level: 1 }),
  );
  return { image, mebibytes: layer.length / 2 ** 20 };
}

/** Writes what `docker save` would write of it. */
export async function archiveFile(folder: string, name: string, { image }: BenchImage): Promise<string> {
  const file = join(folder, 'image.tar');
  writeFileSync(file, await dockerArchive(image, name));
  return file;
}

/** Numbers in hexadecimal, which compress to a half as programs do. */
function filesOf(seed: number, count: number): Entry[] {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return Array.from({ length: count }, (_, i) => ({
    name: `data/${i % 50}/${i}`,
    content: noise.update(Buffer.alloc(fileBytes / 2)).toString('hex'),
  }));
}
