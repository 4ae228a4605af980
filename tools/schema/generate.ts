/**
 * Writes src/shared/kinds/schema/data/facts.json and types.ts from the public Kubernetes type definitions.
 * `--check` writes nothing and fails when the committed files differ. Needs `go` on PATH.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitFacts, emitTypes } from './emit.ts';
import { parseGo, wantedOf } from './go-source.ts';
import { resolve } from './resolve.ts';
import { downloadModules, packages } from './sources.ts';

const folders = downloadModules();
const parsed = packages.map((source) => ({
  source,
  files: source.files
    .map((f) => parseGo(readFileSync(join(folders.get(source.module)!, source.folder, f), 'utf8')))
    .map((file) => wantedOf(file, source.only)),
}));
const facts = resolve(parsed);
const target = join(import.meta.dirname, '../../src/shared/kinds/schema');
const outputs: [string, string][] = [
  [join(target, 'data/facts.json'), emitFacts(facts)],
  [join(target, 'types.ts'), emitTypes(facts)],
];

let stale = 0;
for (const [path, text] of outputs) {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text);
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${path} differs from what the generator writes`);
    stale++;
  }
}
process.exitCode = stale === 0 ? 0 : 1;
