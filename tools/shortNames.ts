import { readFile } from 'node:fs/promises';
import { type Plugin, transform } from 'esbuild';

/** Whose classes others ask for their names: `@peculiar/asn1-schema` does, as it takes a sequence apart. */
const named = /[\\/]node_modules[\\/]asn1js[\\/]/;

/**
 * Gives what is local in the packages of others short names. Ours keep theirs: a stack trace should be readable where one looks
 * for a mistake.
 */
export const shortNames: Plugin = {
  name: 'short-names',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      if (named.test(path)) return undefined;
      const text = await readFile(path, 'utf8');
      // Without a form, names of the outermost level might be anybody's.
      const format = /^\s*(import|export)\b/m.test(text) ? 'esm' : 'cjs';
      const { code } = await transform(text, { sourcefile: path, format, minifyIdentifiers: true });
      return { contents: code, loader: 'js' };
    });
  },
};
