import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ControlPlane, repository, startControlPlane } from '../../examples/demo/server.ts';
import { addProgram } from '../addProgram.ts';

const run = promisify(execFile);

/**
 * Has a client work with a control plane of this checkout that has an image, `ticker:1`, which is this program of Node. The
 * folder that both are in is left as little as they are, however the work ends.
 */
export async function onStage(
  client: string,
  program: string,
  work: (plane: ControlPlane, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `shallop-${client}-`));
  const plane = await startControlPlane(folder, '--runtime', 'process', '--stop-pods');
  try {
    await addProgram(plane, folder, 'ticker:1', [process.execPath, '-e', program]);
    await work(plane, folder);
  } finally {
    await plane.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a verb of the command. @returns what it prints. */
export async function ask({ kubeconfig }: ControlPlane, ...args: string[]): Promise<string> {
  const command = join(repository, 'bin', 'shallop.js');
  return (await run(process.execPath, [command, ...args, '--kubeconfig', kubeconfig])).stdout;
}
