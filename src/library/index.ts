import { setMaxListeners } from 'node:events';
import { Connection } from '../cli/kube/connection.ts';
import { readPki } from '../local/pki/index.ts';
import { clusterOf } from './cluster/index.ts';
import { newName, openLogical, removeLogical } from './cluster/logical.ts';
import { checkOptions } from './options.ts';
import { asApiErrors } from './refusals.ts';
import { start } from './start/index.ts';
import type { Shallop, ShallopOptions } from './types.ts';

export { ApiError } from './apiError.ts';
export type * from './types.ts';

/**
 * Starts a control plane and resolves when it serves.
 * @example
 * const shallop = await startShallop();
 * const cluster = await shallop.cluster();
 * await cluster.apply(yaml);
 * await cluster.waitFor('deployment/web', 'Available');
 * await shallop.stop();
 * @throws an error that says what to change, for a wrong option, a folder or port in use, or a machine that cannot do it.
 */
export async function startShallop(options: ShallopOptions = {}): Promise<Shallop> {
  checkOptions(options);
  const running = await start(options);
  const pki = await readPki(running.folder);
  const access = { ca: pki!.ca, ...pki!.admin };
  const ending = new AbortController();
  // Every request under way listens to it.
  setMaxListeners(0, ending.signal);
  const endpoint = { context: 'shallop', server: running.url, namespace: 'default', ...access };
  const root = new Connection(endpoint, ending.signal, (warning) => options.log?.(`Warning: ${warning}`));
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= (async () => {
      ending.abort(new Error('this control plane has been stopped'));
      root.close();
      await running.stop();
    })();
    return stopped;
  };
  return {
    url: running.url,
    cluster: (name = newName()) =>
      asApiErrors(async () => {
        if (name === 'default') return clusterOf({ name, connection: root, access, remove: async () => {} });
        const isNew = await openLogical(root, name);
        const connection = root.below(`/clusters/${encodeURIComponent(name)}`);
        return clusterOf({
          name,
          connection,
          access,
          // What ends with all of it need not be deleted before.
          remove: async () => {
            if (isNew && !ending.signal.aborted) await removeLogical(root, name);
          },
        });
      }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
