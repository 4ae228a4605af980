import type { Verb } from '../verb.ts';
import { dataDir } from './options.ts';

export const status: Verb = {
  name: 'status',
  summary: 'Say whether a control plane runs, and where',
  description: 'The exit code is 0 when one runs and is ready, 1 otherwise.',
  usage: ['status [options]'],
  options: { ...dataDir },
  run: async (call, io) => {
    const { dataFolderOf } = await import('../../local/config.ts');
    const { runningInstance } = await import('../../local/datafolder/index.ts');
    const folder = dataFolderOf(call.text('data-dir'), io.env, io.cwd);
    const instance = await runningInstance(folder);
    if (!instance?.url) {
      io.out(instance ? `starting (pid ${instance.pid})` : `nothing runs on ${folder}`);
      return 1;
    }
    const { adminClient } = await import('../../local/adminClient.ts');
    const client = await adminClient(folder, instance.url);
    const { status: code, text } = await client
      .request('GET', '/readyz')
      .catch((error) => ({ status: 0, text: String(error) }));
    io.out(`running       pid ${instance.pid}, ${instance.url}`);
    io.out(`ready         ${code === 200 ? 'yes' : `no: ${text.trim()}`}`);
    io.out(`data folder   ${folder}`);
    return code === 200 ? 0 : 1;
  },
};
