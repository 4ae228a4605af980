/**
 * The functions of lambdas/ as they are deployed: one file each, SDK inside. The runtime's own SDK is another version and
 * slower to load.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { sdkSchemas } from './sdkSchemas.ts';

const repository = resolve(import.meta.dirname, '..');

/** Bundles each function into a folder of its own below `into`. Throws an error that names one without entry file. */
export async function bundleFunctions<Name extends string>(
  names: readonly Name[],
  into: string,
): Promise<Record<Name, string>> {
  const folders = await Promise.all(
    names.map(async (name) => [name, await bundleFunction(name, join(into, name))] as const),
  );
  return Object.fromEntries(folders) as Record<Name, string>;
}

async function bundleFunction(name: string, folder: string): Promise<string> {
  const entry = join(repository, 'lambdas', name, 'index.ts');
  if (!existsSync(entry)) throw new Error(`lambdas/${name}/index.ts is missing`);
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
    plugins: [sdkSchemas],
    banner: {
      js: "import { createRequire as requireFor } from 'node:module';const require = requireFor(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return folder;
}
