import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Bundled {
  files: Record<string, Uint8Array>;
  /** What went into them, for its licences. */
  inputs: string[];
}

/** Makes the page's files of their sources: for the package when it is built, and for a checkout when it is run. */
export async function bundlePage(): Promise<Bundled> {
  const { build } = await import('esbuild');
  const folder = join(import.meta.dirname, 'page');
  const { outputFiles, metafile } = await build({
    absWorkingDir: join(import.meta.dirname, '../../..'),
    entryPoints: { page: join(folder, 'main.tsx') },
    outdir: 'out',
    write: false,
    bundle: true,
    metafile: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  const made = outputFiles.map(({ path, contents }) => [path.split('/').at(-1)!, contents] as const);
  const kept = ['index.html', 'icon.svg'].map((name) => [name, readFileSync(join(folder, name))] as const);
  return { files: Object.fromEntries([...made, ...kept]), inputs: Object.keys(metafile.inputs) };
}
