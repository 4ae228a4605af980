import type { Verb } from '../verb.ts';
import { dataDir } from './options.ts';
import { instanceOf } from './running.ts';

export const status: Verb = {
  name: 'status',
  summary: 'Say whether a control plane runs, and where',
  description: 'The exit code is 0 when one runs and is ready, 1 otherwise.',
  usage: ['status [options]'],
  options: { ...dataDir },
  run: async (call, io) => {
    const { folder, instance } = await instanceOf(call, io);
    if (!instance?.url) {
      io.out(instance ? `starting (pid ${instance.pid})` : `nothing runs on ${folder}`);
      return 1;
    }
    const { adminExchange } = await import('../../local/adminClient.ts');
    const exchange = await adminExchange(folder, instance.url);
    const answer = await exchange({ method: 'GET', path: '/readyz', headers: {} }).catch(String);
    const problem =
      typeof answer === 'string' ? answer : answer.status === 200 ? '' : `${Buffer.from(answer.body)}`;
    io.out(`running       pid ${instance.pid}, ${instance.url}`);
    io.out(`ready         ${problem ? `no: ${problem.trim()}` : 'yes'}`);
    io.out(`data folder   ${folder}`);
    return problem ? 1 : 0;
  },
};
