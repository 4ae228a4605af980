import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { anyKubectl } from '../../tools/kubectl.ts';
import type { Figure } from '../bench.ts';
import { median } from '../load.ts';
import { bundle, type Plane } from '../plane.ts';

const run = promisify(execFile);
const words = ['get', 'configmaps', '--all-namespaces', '--context', 'shallop'];

/** How long a user waits for `get`, the start of the process included, by shallop and by kubectl in turns. */
export async function command({ kubeconfig, folder }: Plane, scale: number): Promise<Figure[]> {
  const kubectl = anyKubectl();
  // Compiled code is kept from one start to the next, as bin/shallop.js has it.
  const cache = join(folder, 'compiled');
  const env = { ...process.env, KUBECONFIG: kubeconfig, NODE_COMPILE_CACHE: cache };
  const timed = async (program: string, args: string[]) => {
    const started = performance.now();
    await run(program, args, { env });
    return performance.now() - started;
  };
  const [own, theirs]: [number[], number[]] = [[], []];
  // The first of each fills what both keep of the server's resources.
  for (let i = 0; i <= Math.max(5, Math.round(20 * scale)); i++) {
    own.push(await timed(process.execPath, [bundle, ...words]));
    if (kubectl) theirs.push(await timed(kubectl, words));
  }
  const reference = kubectl && median(theirs.slice(1));
  return [
    {
      what: '`shallop get`, p50',
      measured: median(own.slice(1)),
      unit: 'ms',
      ...(reference && { reference, goal: { atMost: reference } }),
      note: kubectl ? 'beside it kubectl, in turns' : 'there is no kubectl here',
    },
  ];
}
