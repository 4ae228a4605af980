import { table } from '../../../shared/meta/table.ts';
import { UsageError, type Verb } from '../../verb.ts';
import { dataDir, kubeconfigOptions } from '../options.ts';
import { running } from '../running.ts';
import { create } from './create.ts';
import { list } from './list.ts';
import { remove } from './remove.ts';
import type { Action } from './scene.ts';

/** By the word after `cluster`: what it takes, and what it does. */
const actions: Record<string, { takes: string[]; run: Action }> = table({
  create: { takes: ['NAME'], run: create },
  fork: { takes: ['BASE', 'NAME'], run: create },
  list: { takes: [], run: list },
  delete: { takes: ['NAME'], run: remove },
});

export const cluster: Verb = {
  name: 'cluster',
  summary: 'Create, fork, list and delete logical clusters',
  description: `A logical cluster is a whole Kubernetes API of its own, served below /clusters/NAME by the same process: for a
branch, a test, a tenant. It costs nothing while idle. 'create' adds the context shallop-NAME to your kubeconfig.
'fork' makes one that begins as BASE is now, in milliseconds: what either of them writes later, the other does not see.
Pods and volumes are not taken over; what makes them makes new ones.`,
  usage: [
    'cluster create NAME [--ttl TIME]',
    'cluster fork BASE NAME [--ttl TIME]',
    'cluster list',
    'cluster delete NAME',
  ],
  options: {
    ...dataDir,
    kubeconfig: kubeconfigOptions.kubeconfig!,
    ttl: {
      type: 'string',
      value: 'TIME',
      help: 'delete the cluster so long after its creation: 90s, 30m, 4h',
    },
  },
  operands: { words: Object.keys(actions) },
  run: async (call, io) => {
    const [word, ...names] = call.positionals;
    const action = word ? actions[word] : undefined;
    if (!action) throw new UsageError(`cluster needs one of ${Object.keys(actions).join(', ')}`);
    if (names.length !== action.takes.length)
      throw new UsageError(
        `cluster ${word} takes ${action.takes.map((name) => `a ${name}`).join(' and ') || 'no NAME'}`,
      );
    const { folder, url } = await running(call, io);
    const { adminClient } = await import('../../../local/adminClient.ts');
    return action.run({ names, folder, url, client: await adminClient(folder, url), call, io });
  },
};
