import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

interface Image {
  folder: string;
  names: string[];
  entrypoint: string[];
  command: string[];
}

/** Users of images other than root, which a folder cannot say. */
const users: Record<string, string> = { nonroot: '1234' };
const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Makes what `docker save` would write of the folders that `images.tsv` names. */
export async function archiveOf(images: string, target: string): Promise<void> {
  const work = await mkdtemp(`${target}.work-`);
  // A name of its own: another run may be at it too.
  const partial = `${work}.tar`;
  try {
    const manifest = [];
    for (const image of imagesOf(await readFile(join(images, 'images.tsv'), 'utf8')))
      manifest.push(await addImage(image, images, work));
    await writeFile(join(work, 'manifest.json'), JSON.stringify(manifest));
    execFileSync('tar', ['-cf', partial, '-C', work, '.']);
    await rename(partial, target);
  } finally {
    await rm(work, { recursive: true, force: true });
    await rm(partial, { force: true });
  }
}

/** Lines of name, folder, entrypoint and command; several names of one image stand in several lines. */
export function imagesOf(table: string): Image[] {
  const images = new Map<string, Image>();
  for (const line of table.split('\n').filter(Boolean)) {
    const [name, folder, entrypoint, command] = line.split('\t');
    if (!name || !folder || !entrypoint || !command) throw new Error(`images.tsv: ${line}`);
    const key = [folder, entrypoint, command].join('\t');
    const image = images.get(key) ?? {
      folder,
      names: [],
      entrypoint: JSON.parse(entrypoint) as string[],
      command: JSON.parse(command) as string[],
    };
    image.names.push(name);
    images.set(key, image);
  }
  return [...images.values()];
}

async function addImage({ folder, names, entrypoint, command }: Image, images: string, work: string) {
  const layer = join(folder, 'layer.tar');
  await mkdir(join(work, folder), { recursive: true });
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name'];
  execFileSync('tar', ['-cf', join(work, layer), ...owner, '-C', join(images, folder), '.']);
  const config = JSON.stringify({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Entrypoint: entrypoint, Cmd: command, Env: [path], WorkingDir: '/', User: users[folder] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${await digestOf(join(work, layer))}`] },
  });
  const name = `${createHash('sha256').update(config).digest('hex')}.json`;
  await writeFile(join(work, name), config);
  return { Config: name, RepoTags: names.map(withTag), Layers: [layer] };
}

/** Docker takes no archive with a name that has none. */
const withTag = (name: string): string => (/:[^/]+$/.test(name) ? name : `${name}:latest`);

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
