/**
 * What people build on has doc comments. Names whose meaning is that of their type (see Kind, Controller, Rules) are known
 * to whoever has read that type, and need none. What has none yet is listed, and the list can only shrink:
 * `npm run update` takes from it what has got its comment or is gone.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const listPath = join(root, 'test/structure/testdata/undocumented.json');
const rooms = ['ports', 'kinds', 'controllers', 'api'].map((room) => `src/shared/${room}`);
const skipped = /\.test\.ts$|\/testing\/|schema\/types\.ts$/;
const known = /^(columns|validate(First|Status)?|plan|Plan|Observed|prepareFor\w+|\w+Defaults)$/;
const knownTypes = /^export const \w+: (Kind|Controller|Resource|Column)\b/;
const exported = /^export (?:abstract )?(?:async )?(?:const|function\*?|class|interface|type) (\w+)/;

type Names = Record<string, string[]>;

/** By file, the exported names without a doc comment. */
export function undocumented(): Names {
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((path) => !skipped.test(path)),
  );
  return Object.fromEntries(
    files
      .sort()
      .map((path) => [path, namesIn(readFileSync(join(root, path), 'utf8'))] as const)
      .filter(([, names]) => names.length > 0),
  );
}

function namesIn(text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const name = exported.exec(line)?.[1];
    if (!name || known.test(name) || knownTypes.test(line)) return [];
    let above = i - 1;
    while (lines[above]?.trimStart().startsWith('// biome-ignore')) above--;
    return lines[above]?.trimEnd().endsWith('*/') ? [] : [name];
  });
}

/** Those that may be without, by file. */
export const listed = (): Names => JSON.parse(readFileSync(listPath, 'utf8')) as Names;

if (import.meta.filename === process.argv[1]) {
  const before = listed();
  const left = Object.entries(undocumented())
    .map(([path, names]) => [path, names.filter((name) => before[path]?.includes(name))] as const)
    .filter(([, names]) => names.length > 0);
  writeFileSync(listPath, `${JSON.stringify(Object.fromEntries(left), undefined, 2)}\n`);
}
