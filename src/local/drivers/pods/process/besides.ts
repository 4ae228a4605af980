import type { PodAddress, PodNetwork } from '../../podNetwork.ts';
import type { Containers } from '../native/containers.ts';
import { type Run, StartError } from '../sandbox.ts';
import { findProgram } from './descriptor.ts';
import { isAlive } from './identity.ts';
import { listensOnLoopback } from './listeners.ts';
import { dialLoopback } from './loopback.ts';
import type { MountNamespaces } from './mountNamespace.ts';
import type { openPodProcesses } from './podProcesses.ts';
import { processOf, type RunFolder } from './runFolder.ts';
import type { Settings } from './settings.ts';
import { type findTools, inGroup, shellFor } from './tools.ts';

/** Describes what a command beside a run needs of the sandbox. */
export interface BesideParts {
  tools: ReturnType<typeof findTools>;
  network: PodNetwork;
  processes: ReturnType<typeof openPodProcesses>;
  containers: Containers | undefined;
  folderOf(run: Run): string;
  settingOf(run: Run): Settings;
  look(run: Run): RunFolder;
  mountNamespaces(): Promise<MountNamespaces | undefined>;
}

/** The network in which a program runs: its Pod's own, or the node's, which may leave command lines as they are. */
export type RunNetwork = Omit<PodAddress, 'ip'> & { ip?: string };

/** Returns the network of a program that is started. */
export const networkFor = async (
  network: PodNetwork,
  { ref }: Run,
  hostNetwork: boolean | undefined,
): Promise<RunNetwork> =>
  hostNetwork ? (network.ofNode ?? { wrap: (command) => command }) : network.setup(ref);

/**
 * A command line that has been brought into a user namespace as its root, for the sake of the Pod's network: the program is
 * who it was, in one within.
 */
export const asOneself = (command: string[]): string[] => [
  ...['unshare', '--user', `--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`, '--'],
  ...command,
];

/** Makes command lines that run commands beside a run, for exec, probes and hooks, and connections from there. */
export function openBesides(parts: BesideParts) {
  const { tools, network, processes, containers, folderOf, settingOf, look, mountNamespaces } = parts;

  /** The command line that runs a command beside a run: with its address and its files. */
  async function beside(run: Run): Promise<(command: string[]) => string[]> {
    const { cwd, env, hostNetwork, ownMounts, jail } = settingOf(run);
    const known = hostNetwork ? undefined : await network.known?.(run.ref);
    const { wrap, user } = known ?? (await networkFor(network, run, hostNetwork));
    const inside = ownMounts ? processOf(folderOf(run), 'claim') : undefined;
    const namespaces = inside && (await mountNamespaces());
    const shell = shellFor(env, tools);
    const group = await processes.groupFor(run);
    return (command) => {
      const joined = group ? inGroup(group, shell, command) : command;
      if (inside && namespaces) return wrap(namespaces.enter(inside.pid, cwd, shell, joined));
      return wrap(user && !jail ? asOneself(joined) : joined);
    };
  }

  /** A command as it is run where its container's files are. Throws StartError when there is no such program. */
  async function inFilesOf(
    run: Run,
    command: string[],
    more: Record<string, string> = {},
  ): Promise<string[]> {
    const { jail, cwd, env } = settingOf(run);
    if (jail && containers) {
      await containers.ready();
      const now = look(run);
      if (now.kind !== 'running' || !now.main || !isAlive(now.main))
        throw new StartError('its program is not running');
      return containers.beside({ ...jail, env: { ...more, ...jail.env } }, now.main, command);
    }
    const [program = ''] = command;
    if (!findProgram(program, cwd, env.PATH ?? ''))
      throw new StartError(`exec: ${JSON.stringify(program)}: executable file not found in $PATH`);
    return command;
  }

  /** A connection to a port of the Pod's own loopback address; undefined where that is the machine's, or nobody listens. */
  async function loopback(run: Run, port: number) {
    const { hostNetwork, env } = settingOf(run);
    if (hostNetwork) return undefined;
    const address = (await network.known?.(run.ref)) ?? (await network.setup(run.ref));
    if (!address.own || !(await listensOnLoopback(port, await processes.ofPod(run.ref)))) return undefined;
    return dialLoopback(address.wrap, port, { PATH: env.PATH ?? '' });
  }

  return { beside, inFilesOf, loopback };
}
