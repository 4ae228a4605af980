import { table } from '../../../shared/meta/table.ts';
import type { Descriptor } from './store.ts';

/** One image, or a list of images for platforms, in Docker's and OCI's words. */
export interface Manifest {
  mediaType?: string;
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: PlatformDescriptor[];
}

export interface PlatformDescriptor extends Descriptor {
  platform?: { os?: string; architecture?: string; variant?: string };
  annotations?: Record<string, string>;
}

export interface Platform {
  os: string;
  architecture: string;
}

export const acceptedManifests = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

const architectures: Record<string, string> = table({ x64: 'amd64', ia32: '386' });

export const hostPlatform = (): Platform => ({
  os: 'linux',
  architecture: architectures[process.arch] ?? process.arch,
});

/** Returns which image of a list is this platform's. Throws in a container runtime's words when none is. */
export function chosenOf(list: PlatformDescriptor[], { os, architecture }: Platform): PlatformDescriptor {
  const fitting = list.filter(
    ({ platform }) => !platform || (platform.os === os && platform.architecture === architecture),
  );
  const exact = fitting.find(({ platform }) => platform && (!platform.variant || platform.variant === 'v8'));
  const found = exact ?? fitting[0];
  if (!found) throw new Error(`no match for platform in manifest: not found (${os}/${architecture})`);
  return found;
}

/** Bounds on what a registry or an archive may say in a manifest or a configuration. */
export const manifestBytes = 4 * 2 ** 20;

/** Reads a manifest as far as an image needs it. Throws when it is none. */
export function readManifest(text: string): Manifest {
  const found: unknown = JSON.parse(text);
  if (typeof found !== 'object' || found === null) throw new Error('invalid manifest');
  const { config, layers, manifests } = found as Manifest;
  const isList = Array.isArray(manifests) && manifests.every(isDescriptor);
  const isImage = isDescriptor(config) && Array.isArray(layers) && layers.every(isDescriptor);
  if (!isList && !isImage) throw new Error('invalid manifest: neither an image nor a list of images');
  return found as Manifest;
}

const isDescriptor = (value: unknown): value is Descriptor => {
  const { digest, size } = (value ?? {}) as Partial<Descriptor>;
  return (
    typeof digest === 'string' &&
    /^sha256:[a-f0-9]{64}$/.test(digest) &&
    Number.isSafeInteger(size) &&
    size! >= 0
  );
};
