import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ControlPlane,
  type Owner,
  repository,
  startControlPlaneOf,
} from '../../examples/demo/server.ts';
import type { Options } from './options.ts';

/** A control plane of this checkout with the suite's images, in a folder of its own. */
export interface Plane extends AsyncDisposable {
  kubeconfig: string;
}

/**
 * @param archive the suite's images, as `docker save` writes them
 * @param log where the control plane's output goes
 * @throws with what it printed when it ends instead of becoming ready.
 */
export async function startPlane(
  archive: string,
  log: string,
  { engine, user, nodes, up }: Pick<Options, 'engine' | 'user' | 'nodes' | 'up'>,
): Promise<Plane> {
  const owner = engine ? ofEngine(engine) : user ? ofUser(user) : {};
  const folder = await mkdtemp(join(tmpdir(), 'shallop-conformance-'));
  if (owner.uid !== undefined) await chown(folder, owner.uid, owner.gid ?? owner.uid);
  let plane: ControlPlane | undefined;
  const stop = async () => {
    await plane?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const flags = ['--runtime', engine ? 'engine' : 'native', '--nodes', `${nodes}`, '--stop-pods', ...up];
    plane = await startControlPlaneOf(owner, folder, ...flags);
    const output = createWriteStream(log, { flags: 'a' });
    for (const line of plane.output) output.write(`${line}\n`);
    for (const stream of [plane.child.stdout!, plane.child.stderr!]) stream.pipe(output, { end: false });
    await plane.shallop('image', 'load', archive, ...(engine ? ['--engine'] : []));
  } catch (error) {
    await stop();
    throw error;
  }
  return { kubeconfig: plane.kubeconfig, [Symbol.asyncDispose]: stop };
}

function ofEngine(engine: string): Owner {
  const script = join(repository, 'tools', 'engines', 'start.sh');
  const address = execFileSync(script, [engine], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return { env: { ...process.env, DOCKER_HOST: address.trim() } };
}

/** @throws for somebody whom this machine does not know, and for root. */
function ofUser(name: string): Owner {
  const [, , uid, gid, , home] = execFileSync('getent', ['passwd', name], { encoding: 'utf8' })
    .trim()
    .split(':');
  if (!Number(uid)) throw new Error(`--user wants an ordinary user, not ${name}`);
  const { PATH, LANG } = process.env;
  return { uid: Number(uid), gid: Number(gid), env: { PATH, LANG, HOME: home, USER: name, LOGNAME: name } };
}
