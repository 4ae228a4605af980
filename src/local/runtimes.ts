import type { NodeImages } from '../shared/ports/cloud.ts';
import type { LocalConfig } from './config.ts';
import type { Images } from './drivers/images/index.ts';
import type { Engine } from './drivers/pods/engine/index.ts';
import type { Support } from './drivers/pods/native/index.ts';

/** Describes what runs Pods on this machine. */
export type ChosenRuntime = { words: string } & (
  | { engine: Engine }
  /** `native` absent: of images that are folders only. */
  | { engine?: undefined; native?: { images: Images; nodeImages: NodeImages; support: Support } }
);

/** Finds what was asked for, or what this machine has. Throws where what was asked for by name cannot be had. */
export async function chooseRuntime(
  config: Pick<LocalConfig, 'runtime' | 'registryMirrors' | 'imageThresholds'>,
  folder: string,
  { platform = process.platform, env = process.env }: Partial<Pick<NodeJS.Process, 'platform' | 'env'>> = {},
): Promise<ChosenRuntime> {
  const { runtime } = config;
  if (runtime === 'native' || (runtime === 'auto' && platform === 'linux')) return native(config, folder);
  if (runtime === 'engine' || runtime === 'auto') return engine(config, env);
  return { words: 'host processes' };
}

/** Containers of an engine. */
async function engine(
  { runtime }: Pick<LocalConfig, 'runtime'>,
  env: NodeJS.ProcessEnv,
): Promise<ChosenRuntime> {
  const { findEngine } = await import('./drivers/pods/engine/index.ts');
  try {
    const found = await findEngine(env);
    const { kind, version, client } = found;
    const name = kind === 'podman' ? 'Podman' : 'Docker Engine';
    return { engine: found, words: `containers of ${name} ${version} at ${client.address.name}` };
  } catch (error) {
    const why = (error as Error).message;
    if (runtime === 'engine') throw new Error(`--runtime engine does not work on this machine: ${why}`);
    return { words: `host processes, as ${why}` };
  }
}

/** Containers of their own root file systems, or why this machine has none. */
async function native(
  { runtime, registryMirrors, imageThresholds }: Parameters<typeof chooseRuntime>[0],
  folder: string,
): Promise<ChosenRuntime> {
  const [{ findSupport }, { containersFolder, imagesIn, nodeImagesIn, rootsInUseIn }] = await Promise.all([
    import('./drivers/pods/native/index.ts'),
    import('./images.ts'),
  ]);
  try {
    const support = await findSupport(
      containersFolder(folder),
      process.env.PATH ?? '',
      process.getuid?.() === 0,
    );
    const images = imagesIn(folder, registryMirrors);
    // What a pull that was interrupted left, and roots of images that have been replaced.
    void rootsInUseIn(folder).then(images.prune);
    const { missing } = support;
    const without = missing.length ? `, with ${missing.join(' and ')}` : '';
    return {
      native: { images, nodeImages: nodeImagesIn(folder, imageThresholds), support },
      words: `containers with root file systems of their own${without}`,
    };
  } catch (error) {
    const why = (error as Error).message;
    if (runtime === 'native') throw new Error(`--runtime native does not work on this machine: ${why}`);
    return { words: `host processes, as containers do not work here (${why})` };
  }
}
