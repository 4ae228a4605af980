import { openInBrowser } from '../dev/browser.ts';
import { endpointOf } from '../kube/kubeconfig.ts';
import type { Call, Io } from '../verb.ts';
import { pageFiles } from './files.ts';
import { openUnnamed } from './open.ts';
import { openConsole } from './server/server.ts';
import { openUpstream } from './server/upstream.ts';

/** Serves the page until the user ends it; answers the exit code. */
export async function runConsole({ call, io, port }: { call: Call; io: Io; port: number }): Promise<number> {
  const [kubeconfig, context, namespace, cluster] = ['kubeconfig', 'context', 'namespace', 'cluster'].map(
    (name) => call.text(name),
  );
  const endpoint = await endpointOf({ kubeconfig, context, namespace, cluster }, io);
  const upstream = openUpstream(endpoint, io.interrupted, Date.now);
  try {
    // Where nobody answers, the command says so, as every other verb does, and no page opens.
    await upstream.resources();
    const isWritable = call.flag('write');
    const files = await pageFiles();
    const opened = await openConsole({ upstream, files, port, isWritable, now: Date.now });
    io.out(`console of ${endpoint.server} (context "${endpoint.context}"), ${rights(isWritable)}`);
    io.out(`${opened.address}`);
    io.out('The address lets one browser in, once. Ctrl-C ends the console.');
    const forget = call.flag('no-open')
      ? () => {}
      : openUnnamed(opened.address, (address) => openInBrowser(address, io.err), io.err);
    if (!io.interrupted.aborted)
      await new Promise((resolve) => io.interrupted.addEventListener('abort', resolve, { once: true }));
    await opened.close();
    forget();
    return 0;
  } catch (error) {
    if (io.interrupted.aborted) return 0;
    throw error;
  } finally {
    upstream.close();
  }
}

const rights = (isWritable: boolean) =>
  isWritable ? 'with your rights, to read and to change' : 'for reading only';
