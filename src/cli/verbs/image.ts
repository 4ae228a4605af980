import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { table } from '../../shared/meta/table.ts';
import { type Call, type Io, UsageError, type Verb } from '../verb.ts';
import { dataDir } from './options.ts';

export const image: Verb = {
  name: 'image',
  summary: 'Load, list and remove images, or name a folder as an image',
  description: `shallop pulls images from registries when Pods need them. To load one from an archive of 'docker save' or an OCI archive:

  docker save my-app | shallop image load -

A program of this machine can be an image too: a folder with a descriptor, shallop.json:

  { "command": ["python3", "app.py"], "args": [], "workingDir": ".", "env": { "APP_VERSION": "v1" } }

"commands" instead of "command" lists alternatives; the first one whose program is on the PATH is used.`,
  usage: [
    'image load [--engine] FILE|- [NAME]',
    'image add NAME FOLDER',
    'image list',
    'image remove NAME',
    'image prune [--all]',
  ],
  options: {
    ...dataDir,
    engine: {
      type: 'boolean',
      help: 'load into Docker Engine or Podman, for Pods that run there (the default except on Linux)',
    },
    all: { type: 'boolean', help: 'prune also images from registries that no container uses' },
  },
  progress: 'working on images',
  run: async (call, io) => {
    const [action, ...operands] = call.positionals;
    const run = action ? actions[action] : undefined;
    if (!run) throw new UsageError(`image needs one of ${Object.keys(actions).join(', ')}`);
    if (call.flag('engine') && action !== 'load')
      throw new UsageError('--engine can only be used with image load');
    if (call.flag('all') && action !== 'prune')
      throw new UsageError('--all can only be used with image prune');
    return run(operands, await storesOf(call, io), io);
  },
};

type Stores = Awaited<ReturnType<typeof storesOf>>;
type Action = (operands: string[], stores: Stores, io: Io) => Promise<number>;

const actions: Record<string, Action> = table({
  load: async ([file, name, ...rest], { images, engine }, io) => {
    if (!file || rest.length)
      throw new UsageError('image load takes a FILE (- for stdin), and optionally a NAME');
    const archive = file === '-' ? process.stdin : (await open(resolve(io.cwd, file))).createReadStream();
    const loaded = engine
      ? await engine(archive, name)
      : (await images().load(archive, name)).map((each) => each.name);
    for (const each of loaded) io.out(`image ${each} loaded${engine ? ' into the engine' : ''}`);
    return 0;
  },
  add: async ([name, folder, ...rest], { map, local }, io) => {
    if (!name || !folder || rest.length) throw new UsageError('image add takes a NAME and a FOLDER');
    const path = resolve(io.cwd, folder);
    await local.addImage(map, name, path);
    io.out(`image ${name} is ${path}`);
    return 0;
  },
  list: async (_operands, { map, local, images }, io) => {
    const folders = Object.entries(await local.listImages(map)).map(([name, folder]) => [name, folder, '']);
    const stored = (await images().list()).map((each) => [
      each.name,
      (each.manifest ?? each.config.digest).slice(7, 19),
      `${(local.sizeOf(each) / 1e6).toFixed(1)} MB`,
    ]);
    const rows = [...folders, ...stored];
    if (rows.length === 0) io.err('No images. Load one with: shallop image load FILE');
    else for (const line of aligned([['IMAGE', 'DIGEST OR FOLDER', 'SIZE'], ...rows])) io.out(line);
    return 0;
  },
  remove: async ([name, ...rest], { map, local, images }, io) => {
    if (!name || rest.length) throw new UsageError('image remove takes a NAME');
    if (!(await local.removeImage(map, name)) && !(await images().remove(name)))
      throw new Error(`there is no image ${name}`);
    io.out(`image ${name} removed`);
    return 0;
  },
  prune: async (_operands, { images, rootsInUse, removeUnused }, io) => {
    for (const name of await removeUnused()) io.out(`image ${name} removed`);
    const freed = await images().prune(await rootsInUse());
    if (freed === undefined)
      throw new Error('images are being pulled or loaded: prune again when that is done');
    io.out(`${(freed / 1e6).toFixed(1)} MB freed`);
    return 0;
  },
});

function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)) + 3);
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('')
      .trimEnd(),
  );
}

async function storesOf(call: Call, io: Io) {
  const [{ dataFolderOf, imageMapIn }, local] = await Promise.all([
    import('../../local/config.ts'),
    import('../../local/images.ts'),
  ]);
  const folder = dataFolderOf(call.text('data-dir'), io.env, io.cwd);
  return {
    map: imageMapIn(folder),
    local,
    images: () => local.imagesIn(folder),
    rootsInUse: () => local.rootsInUseIn(folder),
    engine: call.flag('engine', process.platform !== 'linux')
      ? (...archive: [Readable, string?]) => local.loadIntoEngine(io.env, ...archive)
      : undefined,
    removeUnused: async () => (call.flag('all') ? local.removeUnused(folder) : []),
  };
}
