// npm run build: bundles the command into dist/, which is what the npm package carries. A checkout runs from its sources
// all the same.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { bundlePage } from '../src/cli/console/bundle.ts';
import { pageFolder } from '../src/cli/console/files.ts';
import { describedByComments } from '../src/local/descriptions.ts';
import { packDescriptions, packedName } from '../src/local/packedDescriptions.ts';
import { optionTypes } from '../src/shared/api/openapi/parameterWords.ts';
import { typeNames, typeOf } from '../src/shared/kinds/schema/facts.ts';
import { bundledPackages, packageIn } from './bundledPackages.ts';
import { entries as libraryEntries, writeDeclarations } from './declarations.ts';
import { licencesOf } from './licences.ts';
import { dropUnusedBanners, requireBanner } from './requireBanner.ts';
import { sbomOf } from './sbom.ts';
import { sdkSchemas } from './sdkSchemas.ts';
import { shortenChunks } from './shortChunks.ts';
import { shortNames } from './shortNames.ts';
import { startChunk } from './startChunk.ts';

const repository = resolve(import.meta.dirname, '..');
/** Whose comments go with the bundle. */
const commented = 'node_modules/@kubernetes/client-node';
/** Packages with compiled code, which no bundle can hold. */
const native = ['lmdb', 'fs-native-extensions'];
/** What fixtures are for, and their users have installed. */
const peers = ['vitest', 'jest-environment-node'];
/** What only a checkout loads: the package carries what it makes. */
const unpacked = ['esbuild'];
/** What every command loads, `get` among it, the one that people wait for most. */
const starting = ['command.ts', 'paint.ts'].map((path) => join('src', 'cli', path));
const entries = {
  shallop: join('src', 'cli', 'main.ts'),
  // A thread and a process of their own, found by these names: yaml/index.ts, beside.ts.
  yamlThread: join('src', 'local', 'yaml', 'yamlThread.ts'),
  besideProcess: join('src', 'library', 'start', 'besideProcess.ts'),
  ...Object.fromEntries(libraryEntries.map((name) => [name, join('src', 'library', `${name}.ts`)])),
};
/** A thread and a process that share nothing with the rest, found by these names too: logPump.ts, relay.ts. */
const apart = {
  pumpThread: join('src', 'local', 'drivers', 'pods', 'output', 'pumpThread.ts'),
  relayProcess: join('src', 'local', 'drivers', 'network', 'pods', 'relay', 'relayProcess.ts'),
};

const options = (outdir: string, splitting: boolean) =>
  ({
    absWorkingDir: repository,
    metafile: true,
    outdir,
    splitting,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: [...native, ...peers, ...unpacked],
    // Of packages that have both forms, modules: what is not used of them stays out.
    mainFields: ['module', 'main'],
    // Not the names: a stack trace should be readable.
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: requireBanner },
    logLevel: 'warning',
  }) satisfies BuildOptions;

/**
 * Writes the `shallop` command into a folder as shallop.js with its chunks, so that a verb loads what it needs and no
 * more, the library that programs import with its declarations, the page of the console, what the fields of the API are for, the licences of what went into it, and a bill of materials. What is native
 * (lmdb, the file lock) stays outside and is found in node_modules.
 */
export async function bundleCommand(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...options(folder, true),
    entryPoints: entries,
    plugins: [sdkSchemas, shortNames, startChunk(repository, starting, Object.values(entries))],
  });
  const { metafile: besides } = await build({ ...options(folder, false), entryPoints: apart });
  dropUnusedBanners(repository, Object.keys({ ...metafile.outputs, ...besides.outputs }));
  shortenChunks(folder);
  const comments = describedByComments();
  if (!comments)
    throw new Error('@kubernetes/client-node, from which descriptions come, is not installed: npm ci');
  writeFileSync(
    join(folder, packedName),
    packDescriptions(comments, [...typeNames().map(typeOf), ...optionTypes]),
  );
  const page = await bundlePage();
  mkdirSync(join(folder, pageFolder));
  for (const [name, content] of Object.entries(page.files))
    writeFileSync(join(folder, pageFolder, name), content);
  const inputs = [
    ...Object.keys({ ...metafile.inputs, ...besides.inputs }),
    ...page.inputs,
    `${commented}/package.json`,
  ];
  const bundled = bundledPackages(inputs, repository);
  const own = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const installed = native.map((name) => packageIn(join(repository, 'node_modules', name)));
  writeDeclarations(folder);
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(bundled));
  writeFileSync(join(folder, 'sbom.cdx.json'), sbomOf(own, bundled, installed));
}

if (process.argv[1] === import.meta.filename)
  await bundleCommand(resolve(process.argv[2] ?? join(repository, 'dist')));
