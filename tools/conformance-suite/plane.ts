import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';

/** A control plane of this checkout with native containers and the suite's images, in a folder of its own. */
export interface Plane extends AsyncDisposable {
  kubeconfig: string;
}

/**
 * @param archive the suite's images, as `docker save` writes them
 * @param log where the control plane's output goes
 * @throws with what it printed when it ends instead of becoming ready.
 */
export async function startPlane(archive: string, log: string, up: string[]): Promise<Plane> {
  const folder = await mkdtemp(join(tmpdir(), 'shallop-conformance-'));
  let plane: ControlPlane | undefined;
  const stop = async () => {
    await plane?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // Some specs want two Nodes.
    plane = await startControlPlane(folder, '--runtime', 'native', '--nodes', '2', '--stop-pods', ...up);
    const output = createWriteStream(log, { flags: 'a' });
    for (const line of plane.output) output.write(`${line}\n`);
    for (const stream of [plane.child.stdout!, plane.child.stderr!]) stream.pipe(output, { end: false });
    await plane.shallop('image', 'load', archive);
  } catch (error) {
    await stop();
    throw error;
  }
  return { kubeconfig: plane.kubeconfig, [Symbol.asyncDispose]: stop };
}
