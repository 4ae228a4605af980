import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../freePort.ts';

const shallop = resolve(import.meta.dirname, '..', '..', 'bin', 'shallop.js');
const readyWithinMs = 60_000;

/** A control plane of this checkout with native containers and the suite's images, in a folder of its own. */
export interface Plane extends AsyncDisposable {
  kubeconfig: string;
}

/**
 * @param archive the suite's images, as `docker save` writes them
 * @param log where the control plane's output goes
 * @throws when it is not ready within a minute.
 */
export async function startPlane(archive: string, log: string, up: string[]): Promise<Plane> {
  const folder = await mkdtemp(join(tmpdir(), 'shallop-conformance-'));
  const data = join(folder, 'data');
  const kubeconfig = join(folder, 'kubeconfig');
  const port = String(await freePort());
  const own = ['--data-dir', data, '--port', port, '--kubeconfig', kubeconfig, '--stop-pods'];
  // Some specs want two Nodes.
  const child = spawn(
    process.execPath,
    [shallop, 'up', '--runtime', 'native', '--nodes', '2', ...own, ...up],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  const output = createWriteStream(log, { flags: 'a' });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(output, { end: false });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const deadline = Date.now() + readyWithinMs;
    while (!isReady(data)) {
      if (child.exitCode !== null) throw new Error(`shallop ended with ${child.exitCode}: see ${log}`);
      if (Date.now() > deadline) throw new Error(`shallop is not ready after a minute: see ${log}`);
      await wait(200);
    }
    execFileSync(process.execPath, [shallop, 'image', 'load', '--data-dir', data, archive]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { kubeconfig, [Symbol.asyncDispose]: stop };
}

function isReady(data: string): boolean {
  if (!existsSync(data)) return false;
  try {
    execFileSync(process.execPath, [shallop, 'status', '--data-dir', data], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
