import type { Verb } from '../verb.ts';
import { dataDir } from './options.ts';

export const reset: Verb = {
  name: 'reset',
  summary: 'Delete a data folder with everything in it',
  description: 'It stops Pods that still run. Contexts in kubeconfig files stay.',
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
    const isDeleted = await resetDataFolder(folder).finally(done);
    io.out(isDeleted ? `deleted ${folder}` : `there is no ${folder}`);
    return 0;
  },
};
