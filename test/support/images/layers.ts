import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';

/** A layer's entry: a file's text, or whatever a tar header says. */
export type Entry = Partial<Header> & { name: string; content?: string | Buffer };

/** An uncompressed layer. */
export async function layerOf(entries: Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) {
    if (content === undefined) tar.entry(header as Header);
    else tar.entry({ mode: 0o644, ...header } as Header, content);
  }
  tar.finalize();
  return buffer(tar as unknown as Readable);
}

export const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An image as it would be in a registry: its layers as they are kept, its configuration, its manifest. */
export interface TestImage {
  config: Buffer;
  layers: { stored: Buffer; mediaType: string }[];
  manifest: Buffer;
}

export function imageOf(
  layers: Buffer[],
  config: Record<string, unknown> = {},
  compress: (layer: Buffer) => Buffer = (layer) => layer,
): TestImage {
  const configBytes = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      config,
      rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
    }),
  );
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const stored = layers.map((layer) => ({ stored: compress(layer), mediaType }));
  const descriptor = (bytes: Buffer, type: string) => ({
    mediaType: type,
    digest: digestOf(bytes),
    size: bytes.length,
  });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: descriptor(configBytes, 'application/vnd.oci.image.config.v1+json'),
      layers: stored.map(({ stored: bytes, mediaType: type }) => descriptor(bytes, type)),
    }),
  );
  return { config: configBytes, layers: stored, manifest };
}

/** What `docker save` writes. */
export function dockerArchive({ config, layers }: TestImage, name?: string): Promise<Buffer> {
  const manifest = [
    {
      Config: `${digestOf(config).slice(7)}.json`,
      RepoTags: name ? [name] : null,
      Layers: layers.map((_, i) => `${i}/layer.tar`),
    },
  ];
  return layerOf([
    { name: `${digestOf(config).slice(7)}.json`, content: config },
    ...layers.map(({ stored }, i) => ({ name: `${i}/layer.tar`, content: stored })),
    { name: 'manifest.json', content: JSON.stringify(manifest) },
  ]);
}

/** An OCI archive. */
export function ociArchive({ config, layers, manifest }: TestImage, name?: string): Promise<Buffer> {
  const blob = (content: Buffer) => ({ name: `blobs/sha256/${digestOf(content).slice(7)}`, content });
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: digestOf(manifest),
        size: manifest.length,
        ...(name && { annotations: { 'org.opencontainers.image.ref.name': name } }),
      },
    ],
  };
  return layerOf([
    { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    { name: 'index.json', content: JSON.stringify(index) },
    blob(manifest),
    blob(config),
    ...layers.map(({ stored }) => blob(stored)),
  ]);
}

/**
 * A root file system of this machine's own programs, with the libraries that they need: enough for a shell in a
 * container, without any registry. Programs go by name or by path. Linux only.
 */
export function programsLayer(programs: string[], more: Entry[] = []): Promise<Buffer> {
  const files = new Map<string, string>();
  for (const program of programs) {
    const places = program.startsWith('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
    const found = places.map((each) => join(each, program)).find(existsSync);
    if (!found) throw new Error(`${program} is not on the PATH`);
    files.set(`bin/${basename(program)}`, found);
    for (const library of librariesOf(found)) files.set(library.slice(1), library);
  }
  const folders = new Set(['bin', 'etc', 'tmp', 'run', ...Array.from(files.keys(), (name) => dirname(name))]);
  return layerOf([
    ...Array.from(
      folders,
      (name): Entry => ({ name, type: 'directory', mode: name === 'tmp' ? 0o1777 : 0o755 }),
    ),
    { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n' },
    { name: 'etc/group', content: 'root:x:0:\napp:x:1000:\nextra:x:3333:app\n' },
    ...Array.from(
      files,
      ([name, from]): Entry => ({ name, mode: 0o755, content: readFileSync(realpathSync(from)) }),
    ),
    ...more,
  ]);
}

/** What ldd says a program loads. */
function librariesOf(program: string): string[] {
  try {
    const text = execFileSync('ldd', [program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text.match(/\/[^\s()]+/g) ?? [];
  } catch {
    return [];
  }
}
