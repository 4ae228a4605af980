import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../../shared/meta/table.ts';

/** What the page is made of, by the name under which it is served. */
export type PageFiles = Record<string, { type: string; body: Uint8Array }>;

/** The folder that the npm package carries beside its bundle. */
export const pageFolder = 'console';

const types: Record<string, string> = table({
  'index.html': 'text/html; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
});

/** The files of the package, or in a checkout those made of its sources now. */
export async function pageFiles(): Promise<PageFiles> {
  const packed = ['.', '..'].map((up) => join(import.meta.dirname, up, pageFolder)).find(isPage);
  const bodies = packed ? readPage(packed) : (await (await import('./bundle.ts')).bundlePage()).files;
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, { type, body: bodies[name]! }]),
  );
}

const isPage = (folder: string) => existsSync(join(folder, 'page.js'));

const readPage = (folder: string): Record<string, Uint8Array> =>
  Object.fromEntries(Object.keys(types).map((name) => [name, readFileSync(join(folder, name))]));
