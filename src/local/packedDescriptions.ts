import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import type { Described, Descriptions } from '../shared/api/openapi/descriptions.ts';
import type { Type } from '../shared/kinds/schema/facts.ts';

/** The name of the file that the npm package carries beside its bundle. */
export const packedName = 'descriptions.json.br';

type Named = Pick<Type, 'group' | 'version' | 'goName'>;
/** By group, version and name. */
type Words = Record<string, Described>;

const keyOf = ({ group, version, goName }: Named) => `${group}/${version}/${goName}`;

/** Returns what is said of these types, small: some 1.5 MB of text are a tenth of that. */
export function packDescriptions(describe: Descriptions, types: Named[]): Uint8Array {
  const words = types.flatMap((type) => {
    const described = describe(type);
    return described ? [[keyOf(type), described] as const] : [];
  });
  return brotliCompressSync(JSON.stringify(Object.fromEntries(words)));
}

/** The words in the file beside that module, or beside the folder it is in; undefined where there is none. */
export function openPacked(from: string): Descriptions | undefined {
  const path = [packedName, `../${packedName}`]
    .map((name) => fileURLToPath(new URL(name, from)))
    .find((each) => existsSync(each));
  if (!path) return undefined;
  // A document is made of all of it at once, and then seldom again: until then the memory can be had back.
  let held: WeakRef<Map<string, Described>> | undefined;
  return (type) => {
    let words = held?.deref();
    if (!words) {
      words = read(path);
      held = new WeakRef(words);
    }
    return words.get(keyOf(type));
  };
}

const read = (path: string) =>
  new Map(Object.entries(JSON.parse(brotliDecompressSync(readFileSync(path)).toString()) as Words));
