import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { anyKubectl } from '../../tools/kubectl.ts';
import type { Figure } from '../bench.ts';
import { median } from '../load.ts';
import { type Plane, starter } from '../plane.ts';

const run = promisify(execFile);
const words = ['get', 'configmaps', '--all-namespaces', '--context', 'shallop'];

/** How long a user waits for `get`, the start of the process included, by shallop and by kubectl in turns. */
export async function command({ kubeconfig, folder }: Plane, scale: number): Promise<Figure[]> {
  const kubectl = anyKubectl();
  // Both keep what the server serves, and Node what it has compiled, from one start to the next.
  const env = {
    ...process.env,
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: join(folder, 'served'),
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  };
  const timed = async (program: string, args: string[]) => {
    const started = performance.now();
    await run(program, args, { env });
    return performance.now() - started;
  };
  const [own, theirs]: [number[], number[]] = [[], []];
  // The first of each fills what both keep of the server's resources.
  for (let i = 0; i <= Math.max(5, Math.round(20 * scale)); i++) {
    own.push(await timed(process.execPath, [starter, ...words]));
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
