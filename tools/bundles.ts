/**
 * The functions of lambdas/ as they are deployed: one file each, SDK inside. The runtime's own SDK is another version and
 * slower to load.
 */
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const repository = resolve(import.meta.dirname, '..');
const bundles = join(repository, '.cache', 'lambdas');

/** The folder of each function's bundle. Throws an error that names a function that has no entry file. */
export async function bundleFunctions<Name extends string>(
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const folders = await Promise.all(names.map(async (name) => [name, await bundleFunction(name)] as const));
  return Object.fromEntries(folders) as Record<Name, string>;
}

async function bundleFunction(name: string): Promise<string> {
  const entry = join(repository, 'lambdas', name, 'index.ts');
  if (!existsSync(entry)) throw new Error(`lambdas/${name}/index.ts is missing`);
  const folder = join(bundles, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [entry],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    // A stack trace of CloudWatch should be readable all the same.
    sourcemap: 'linked',
    sourcesContent: false,
    keepNames: true,
    // Many packages have both; modules lose what nobody uses.
    mainFields: ['module', 'main'],
    // What is only for the other composition must not get in.
    external: ['lmdb', '@peculiar/x509'],
    banner: {
      js: "import { createRequire as requireFor } from 'node:module';const require = requireFor(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return folder;
}

/** Bytes of the code of a bundle, without its source map. */
export const bundleBytes = (folder: string): number => statSync(join(folder, 'index.mjs')).size;
