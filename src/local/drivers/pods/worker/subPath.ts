import { chmod, lstat, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, VolumeMount } from '../../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import { isInside } from '../inside.ts';
import { readRegular } from '../regularFile.ts';

/** Reads a file of a volume; undefined where there is none, or one that leads out of it or is too long for variables. */
export async function readInside(base: string, path: string): Promise<string | undefined> {
  try {
    const home = await realpath(base);
    const place = await realpath(join(home, path));
    const found = isInside(home, place) ? await readRegular(place, mostBytes, home) : undefined;
    return found && found.size <= mostBytes ? found.text : undefined;
  } catch {
    return undefined;
  }
}

/** As much as fits into an environment. */
const mostBytes = 64 << 10;

/**
 * Returns where a part of a volume stands: made as a folder of the volume's own mode when it is not there; a file made from
 * an object stays as it is now. Throws ConfigError where a link in the volume leads out of it.
 */
export async function subSource(
  base: string,
  inside: string,
  { name: volume }: VolumeMount,
  { name }: Container,
): Promise<string> {
  if (!inside) return base;
  const prepare = (what: string) =>
    new ConfigError(`failed to ${what} for volumeMount ${JSON.stringify(volume)} of container "${name}"`);
  const home = await realpath(base);
  let place = home;
  for (const step of inside.split('/').filter((each) => each && each !== '.')) {
    const next = join(place, step);
    if (!(await lstat(next).catch(() => undefined)))
      await mkdir(next)
        .then(async () => chmod(next, (await lstat(home)).mode & 0o7777))
        .catch(() => {
          throw prepare('create subPath directory');
        });
    place = await realpath(next).catch(() => '');
    if (!place || !isInside(home, place)) throw prepare('prepare subPath');
  }
  return place;
}
