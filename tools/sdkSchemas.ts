import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Has a bundle carry what the AWS SDK says of the calls that are made, and not of all that a service has: 560 KB of EC2. The
 * SDK names properties by constants, `{ [_xN]: … }`, and esbuild keeps what holds such a name, since asking for it might do
 * something. Here the names stand for themselves.
 */
export const sdkSchemas: Plugin = {
  name: 'sdk-schemas',
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/].*[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: namedPlainly(await readFile(path, 'utf8')),
    }));
  },
};

/** Returns a module in which names of properties that are constant strings of it are written out. */
export function namedPlainly(code: string): string {
  const constants = new Map(
    [...code.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name, value]) => [name, value]),
  );
  return code.replace(/\[(\w+)\]:/g, (computed, name: string) =>
    constants.has(name) ? `${constants.get(name)}:` : computed,
  );
}
