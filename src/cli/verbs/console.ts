import { connectionOptions } from '../kube/scene.ts';
import { UsageError, type Verb } from '../verb.ts';

export const consoleVerb: Verb = {
  name: 'console',
  summary: 'Watch a cluster in a browser: rollouts, Pods, logs, events',
  usage: ['console [options]'],
  description: `It serves a page on this machine to one browser, with your rights in the cluster of the context, which may be any cluster.
The page is read-only without --write, and never shows the values of Secrets. Ctrl-C ends it.

  shallop console
  shallop console --context staging -n shop --write`,
  options: {
    write: { type: 'boolean', help: 'let the page change objects and open shells in containers' },
    port: { type: 'string', value: 'PORT', help: 'port of the page (any free one)' },
    'no-open': { type: 'boolean', help: 'print the address without opening a browser' },
    ...connectionOptions,
  },
  unread: 'goOn',
  run: async (call, io) => {
    const port = call.text('port') ?? '0';
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      throw new UsageError(`Option '--port' is a number from 0 to 65535, not '${port}'`);
    const { runConsole } = await import('../console/index.ts');
    return runConsole({ call, io, port: Number(port) });
  },
};
