// npm run build: bundles the command into dist/shallop.js, which is what the npm package carries. A checkout runs from its
// sources all the same.
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const repository = resolve(import.meta.dirname, '..');

/** Writes the `shallop` command into one file. lmdb, which is native, stays outside and is found in node_modules. */
export async function bundleCommand(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(repository, 'src', 'cli', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['lmdb'],
    // Not the names: a stack trace should be readable.
    minifySyntax: true,
    minifyWhitespace: true,
    // Some dependencies are CommonJS and ask for modules of Node.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module';const require = requireFor(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

if (process.argv[1] === import.meta.filename) await bundleCommand(join(repository, 'dist', 'shallop.js'));
