import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isOnPath } from '../onPath.ts';
import { archiveOf } from './archive.ts';
import type { Options } from './options.ts';

const cache = resolve(import.meta.dirname, '..', '..', '.cache', 'conformance');
const script = (name: string) => join(import.meta.dirname, 'build', name);

/**
 * Returns upstream's `e2e.test`, built with Go when nobody gave one.
 * @throws with the reason when it cannot be built here.
 */
export function preparedSuite({ binaries }: Options): string {
  if (binaries) return existing(join(resolve(binaries), 'e2e.test'));
  const built = join(cache, 'bin', 'e2e.test');
  if (!existsSync(built)) run('binaries.sh', [cache], ['go']);
  return existing(built);
}

/** Returns the images as one archive, made once for each folder and table. */
export async function preparedImages({ images }: Options): Promise<string> {
  const folder = images ? resolve(images) : join(cache, 'images');
  const table = join(folder, 'images.tsv');
  if (!images && !isNewer(table, script('images.sh'))) {
    run('binaries.sh', [cache], ['go']);
    run(
      'images.sh',
      [folder, cache],
      ['go', 'gcc', 'make', 'apt-get', 'ldd', 'bash', 'curl', 'dig', 'getent'],
    );
  }
  existing(table);
  mkdirSync(cache, { recursive: true });
  const key = createHash('sha256')
    .update(`${table} ${statSync(table).mtimeMs}`)
    .digest('hex')
    .slice(0, 12);
  const archive = join(cache, `images-${key}.tar`);
  if (!existsSync(archive)) await archiveOf(folder, archive);
  return archive;
}

function run(name: string, args: string[], needs: string[]): void {
  const missing = needs.filter((program) => !isOnPath(program));
  if (missing.length) {
    const what = `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} needed for tools/conformance-suite/build/${name}`;
    throw new Error(`${what} and not on the PATH; give what is built with --binaries and --images`);
  }
  console.log(`building: ${name} ${args.join(' ')}`);
  execFileSync(script(name), args, { stdio: 'inherit' });
}

const isNewer = (made: string, by: string): boolean =>
  existsSync(made) && statSync(made).mtimeMs > statSync(by).mtimeMs;

function existing(file: string): string {
  if (!existsSync(file)) throw new Error(`${file} is not there`);
  return file;
}
