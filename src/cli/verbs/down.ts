import type { Verb } from '../verb.ts';
import { dataDir } from './options.ts';
import { instanceOf } from './running.ts';

const lookEveryMs = 25;
const limitMs = 60_000;

export const down: Verb = {
  name: 'down',
  summary: 'Stop the control plane of a data folder',
  usage: ['down [options]'],
  options: { ...dataDir },
  progress: 'waiting for the control plane to stop',
  run: async (call, io) => {
    const { folder, instance } = await instanceOf(call, io);
    if (!instance) {
      io.out(`nothing runs on ${folder}`);
      return 0;
    }
    process.kill(instance.pid, 'SIGTERM');
    for (let waited = 0; (await instanceOf(call, io)).instance?.pid === instance.pid; waited += lookEveryMs) {
      if (waited > limitMs)
        throw new Error(`the control plane (pid ${instance.pid}) has not stopped within a minute`);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    io.out(`stopped the control plane (pid ${instance.pid})`);
    return 0;
  },
};
