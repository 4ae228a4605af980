// npm run build: bundles the command into dist/, which is what the npm package carries. A checkout runs from its sources
// all the same.
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { licencesOf } from './licences.ts';

const repository = resolve(import.meta.dirname, '..');

/**
 * Writes the `shallop` command into a folder as shallop.js with its chunks, so that a verb loads what it needs and no
 * more, and the licences of what went into it. What is
 * native (lmdb, the file lock) stays outside and is found in node_modules.
 */
export async function bundleCommand(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: repository,
    metafile: true,
    entryPoints: { shallop: join('src', 'cli', 'main.ts') },
    outdir: folder,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['lmdb', 'fs-native-extensions'],
    // Not the names: a stack trace should be readable.
    minifySyntax: true,
    minifyWhitespace: true,
    // Some dependencies are CommonJS and ask for modules of Node.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module';const require = requireFor(import.meta.url);",
    },
    logLevel: 'warning',
  });
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(Object.keys(metafile.inputs), repository));
}

if (process.argv[1] === import.meta.filename) await bundleCommand(join(repository, 'dist'));
