import { resolve } from 'node:path';
import { table } from '../../shared/meta/table.ts';
import { type Call, type Io, UsageError, type Verb } from '../verb.ts';
import { dataDir } from './options.ts';

export const image: Verb = {
  name: 'image',
  summary: 'Say what an image name means on the process runtime',
  description: `Without a container engine an image is a folder with a small descriptor, shallop.json:

  { "command": ["python3", "app.py"], "args": [], "workingDir": ".", "env": { "APP_VERSION": "v1" } }

"commands" instead of "command" lists alternatives; the first whose program is on the PATH is taken.`,
  usage: ['image add NAME FOLDER', 'image list', 'image remove NAME'],
  options: { ...dataDir },
  run: async (call, io) => {
    const [action, ...operands] = call.positionals;
    const run = action ? actions[action] : undefined;
    if (!run) throw new UsageError(`image needs one of ${Object.keys(actions).join(', ')}`);
    return run(operands, await mapFile(call, io), io);
  },
};

type Action = (operands: string[], mapFile: string, io: Io) => Promise<number>;

const actions: Record<string, Action> = table({
  add: async ([name, folder, ...rest], map, io) => {
    if (!name || !folder || rest.length) throw new UsageError('image add takes a NAME and a FOLDER');
    const path = resolve(io.cwd, folder);
    await (await images()).addImage(map, name, path);
    io.out(`image ${name} is ${path}`);
    return 0;
  },
  list: async (_operands, map, io) => {
    const entries = Object.entries(await (await images()).listImages(map));
    const width = Math.max(5, ...entries.map(([name]) => name.length)) + 3;
    if (entries.length === 0) io.err('No images. Add one with: shallop image add NAME FOLDER');
    else io.out(`${'IMAGE'.padEnd(width)}FOLDER`);
    for (const [name, folder] of entries) io.out(`${name.padEnd(width)}${folder}`);
    return 0;
  },
  remove: async ([name, ...rest], map, io) => {
    if (!name || rest.length) throw new UsageError('image remove takes a NAME');
    if (!(await (await images()).removeImage(map, name))) throw new Error(`there is no image ${name}`);
    io.out(`image ${name} removed`);
    return 0;
  },
});

const images = () => import('../../local/images.ts');

const mapFile = async (call: Call, io: Io): Promise<string> => {
  const { dataFolderOf, imageMapIn } = await import('../../local/config.ts');
  return imageMapIn(dataFolderOf(call.text('data-dir'), io.env, io.cwd));
};
