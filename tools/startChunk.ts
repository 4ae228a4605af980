import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { build, type Loader, type Plugin } from 'esbuild';

/**
 * Bundles all that a command starts with into one chunk. esbuild makes a chunk of the modules that the same entry points and
 * imported-later modules reach, which would leave some thirty files of one or two modules each to find, read and link before
 * `get` asks its server: 10 ms. So each of those says that it reaches `roots`, and all that these reach comes together.
 */
export function startChunk(repository: string, roots: string[], entries: string[]): Plugin {
  const importing = roots.map((root) => `import ${JSON.stringify(join(repository, root))};`).join('');
  return {
    name: 'start-chunk',
    async setup({ onLoad, initialOptions }) {
      const later = await importedLater({ ...initialOptions, plugins: [] });
      const reaching = new Set([...entries, ...later].map((path) => join(repository, path)));
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!reaching.has(path)) return undefined;
        const contents = `${importing}${await readFile(path, 'utf8')}`;
        return { contents, loader: extname(path).slice(1) as Loader };
      });
    },
  };
}

/** The modules of our own that others import when they need them. */
async function importedLater(options: Parameters<typeof build>[0]): Promise<string[]> {
  const { metafile } = await build({ ...options, metafile: true, write: false });
  return Object.values(metafile!.inputs).flatMap(({ imports }) =>
    imports.filter(({ kind, external }) => kind === 'dynamic-import' && !external).map(({ path }) => path),
  );
}
