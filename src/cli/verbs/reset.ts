import type { Verb } from '../verb.ts';
import { dataDir } from './options.ts';

export const reset: Verb = {
  name: 'reset',
  summary: 'Delete a data folder with everything in it',
  description:
    'It stops Pods that still run. Contexts in kubeconfig files stay, and files in the folder that shallop did not make.',
  usage: ['reset [options]'],
  options: { ...dataDir, yes: { type: 'boolean', short: 'y', help: 'do not ask' } },
  run: async (call, io) => {
    const { dataFolderOf } = await import('../../local/config.ts');
    const { resetDataFolder } = await import('../../local/reset.ts');
    const folder = dataFolderOf(call.text('data-dir'), io.env, io.cwd);
    if (!call.flag('yes') && !(await io.confirm(`Delete ${folder} and everything in it?`))) {
      io.err('nothing was deleted; say --yes to delete without being asked');
      return 1;
    }
    const done = io.progress?.(`deleting ${folder}`);
    const reset = await resetDataFolder(folder).finally(done);
    if (!reset) io.out(`there is no ${folder}`);
    else if (reset.left.length === 0) io.out(`deleted ${folder}`);
    else io.out(`deleted what shallop had in ${folder}; left what is not its own: ${listed(reset.left)}`);
    return 0;
  },
};

const mostListed = 5;

const listed = (names: string[]): string =>
  names.length > mostListed
    ? `${names.slice(0, mostListed).join(', ')} and ${names.length - mostListed} more`
    : names.join(', ');
