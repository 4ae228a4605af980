import { table } from '../../../shared/meta/table.ts';
import { UsageError, type Verb } from '../../verb.ts';
import { dataDir, kubeconfigOptions } from '../options.ts';
import { running } from '../running.ts';
import { type ApiAction, withApi } from './api.ts';
import { create } from './create.ts';
import { list } from './list.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import type { Action } from './scene.ts';
import { snapshot } from './snapshot.ts';

/** By the word after `cluster`: what it takes, and what it does. */
const actions: Record<string, { takes: string[]; run: Action } | { takes: string[]; ask: ApiAction }> = table(
  {
    create: { takes: ['NAME'], run: create },
    fork: { takes: ['BASE', 'NAME'], run: create },
    snapshot: { takes: ['NAME', 'FILE'], ask: snapshot },
    restore: { takes: ['FILE', 'NAME'], ask: restore },
    list: { takes: [], run: list },
    delete: { takes: ['NAME'], run: remove },
  },
);

export const cluster: Verb = {
  name: 'cluster',
  summary: 'Create, fork, save, list and delete logical clusters',
  description: `A logical cluster is a separate, whole Kubernetes API, served below /clusters/NAME by the same process: for a
branch, a test, a tenant. It costs nothing while idle. 'create' adds the context shallop-NAME to your kubeconfig.
'fork' copies BASE within milliseconds. Later changes of one are not seen by the other. Pods and volumes are not
copied: their controllers make new ones. 'snapshot' writes what a fork would have to a file, and 'restore' makes a new
cluster from it, here or elsewhere: with --context they use any shallop of your kubeconfig.`,
  usage: [
    'cluster create NAME [--ttl TIME]',
    'cluster fork BASE NAME [--ttl TIME]',
    'cluster snapshot NAME FILE [--context NAME]',
    'cluster restore FILE NAME [--into-empty] [--context NAME]',
    'cluster list',
    'cluster delete NAME',
  ],
  options: {
    ...dataDir,
    kubeconfig: kubeconfigOptions.kubeconfig!,
    context: {
      type: 'string',
      value: 'NAME',
      help: 'snapshot, restore: a context of the kubeconfig instead of the data folder',
    },
    'into-empty': { type: 'boolean', help: 'restore: into an existing, empty cluster' },
    ttl: {
      type: 'string',
      value: 'TIME',
      help: 'delete the cluster this long after its creation: 90s, 30m, 4h',
    },
  },
  operands: { words: Object.keys(actions) },
  progress: 'working on the cluster',
  run: async (call, io) => {
    const [word, ...names] = call.positionals;
    const action = word ? actions[word] : undefined;
    if (!action) throw new UsageError(`cluster needs one of ${Object.keys(actions).join(', ')}`);
    if (names.length !== action.takes.length)
      throw new UsageError(
        `cluster ${word} takes ${action.takes.map((name) => `a ${name}`).join(' and ') || 'no NAME'}`,
      );
    if ('ask' in action) return withApi(action.ask, names, call, io);
    const { folder, url } = await running(call, io);
    const { adminClient } = await import('../../../local/adminClient.ts');
    return action.run({ names, folder, url, client: await adminClient(folder, url), call, io });
  },
};
