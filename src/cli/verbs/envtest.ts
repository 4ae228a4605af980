import { realpathSync } from 'node:fs';
import { type Io, UsageError, type Verb } from '../verb.ts';

export const envtest: Verb = {
  name: 'envtest',
  summary: "Print a folder with the binaries that controller-runtime's envtest starts",
  description: `The folder has etcd, kube-apiserver and kubectl, with the flags of the real ones. The first two are shallop: their objects
last as long as the process. kubectl is the one on your PATH. No controllers run unless SHALLOP_CONTROLLERS names some:
SHALLOP_CONTROLLERS=garbage,namespace,deployment.

  KUBEBUILDER_ASSETS=$(npx shallop envtest) go test ./...`,
  usage: ['envtest', 'envtest PROGRAM -- [flags of the program]'],
  options: {},
  operands: { words: ['etcd', 'kube-apiserver'] },
  unread: 'goOn',
  run: async ({ positionals: [program, ...args] }, io) => {
    if (program === undefined) return print(io);
    const { programs } = await import('../../local/envtest/programs.ts');
    const load = Object.hasOwn(programs, program) ? programs[program] : undefined;
    if (!load) throw new UsageError(`no program '${program}'; there are ${Object.keys(programs).join(', ')}`);
    const ended = new Promise<void>((resolve) => {
      if (io.interrupted.aborted) resolve();
      io.interrupted.addEventListener('abort', () => resolve());
    });
    const run = await load();
    return run(args, { out: io.out, err: io.err, env: io.env, ended });
  },
};

async function print(io: Io): Promise<number> {
  const [{ makeAssets }, { version }] = await Promise.all([
    import('../../local/envtest/assets.ts'),
    import('../../local/version.ts'),
  ]);
  // Where npm links the command, the file itself is meant.
  const command = realpathSync(process.argv[1]!);
  io.out(await makeAssets({ node: process.execPath, command, version }, io.env));
  return 0;
}
