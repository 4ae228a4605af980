import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { table } from '../../../../shared/meta/table.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import type { Containers } from '../native/containers.ts';
import type { findLimits } from '../native/limits.ts';
import { resolvFile } from '../native/resolvFile.ts';
import { refuseWatching } from '../native/watching.ts';
import { type Launch, type Mount, type Run, StartError } from '../sandbox.ts';
import { asOneself, type RunNetwork } from './besides.ts';
import { findProgram } from './descriptor.ts';
import type { MountNamespaces } from './mountNamespace.ts';
import { linkMounts, nestedMounts, prepareBinds, workingFolder } from './mounts.ts';
import type { openPodProcesses } from './podProcesses.ts';
import { runEnvironment, wrapped } from './runFolder.ts';
import type { RunPaths } from './runPaths.ts';
import type { Settings } from './settings.ts';
import type { Target } from './target.ts';
import { onTerminal } from './terminal.ts';
import { type findTools, inGroup, shellFor } from './tools.ts';

/** Describes what is started for a run, and what commands beside it need to know. */
interface Start {
  setting: Settings;
  command: string[];
  cwd: string;
}

/** Describes what starting a run needs of the sandbox. */
export interface StartParts {
  paths: RunPaths;
  tools: ReturnType<typeof findTools>;
  processes: ReturnType<typeof openPodProcesses>;
  limits: ReturnType<typeof findLimits>;
  /** For images that are root file systems; without it they cannot be run. */
  containers: Containers | undefined;
  hostEnv: Record<string, string>;
  clusterDns: ((cluster: string) => Promise<string | undefined>) | undefined;
  mountNamespaces(): Promise<MountNamespaces | undefined>;
  /** The process namespace that a run's target has to itself, as targetIn() tells it. */
  targetOf(target: Run): Target | undefined;
}

/**
 * Returns what binds the mounts of a container where links cannot stand for them. Throws ConfigError where nothing can.
 */
async function namespacesFor(
  mounts: Mount[],
  find: () => Promise<MountNamespaces | undefined>,
): Promise<MountNamespaces | undefined> {
  const nested = nestedMounts(mounts);
  if (!nested) return undefined;
  const found = await find();
  if (found) return found;
  const [inner, outer] = [nested.inner.target, nested.outer.target];
  throw new ConfigError(
    `mount path ${JSON.stringify(inner)} lies in the volume mounted at ${JSON.stringify(outer)}: that takes a mount namespace, which this machine does not give; mount it elsewhere`,
  );
}

/** Prepares the files of runs, and makes the command lines that start them. */
export function openStarts(parts: StartParts) {
  const { tools, processes, limits, containers, hostEnv, clusterDns, mountNamespaces, targetOf } = parts;
  const { podFolder, folderOf, notesOf, rootOf, limitsOf } = parts.paths;

  /** A program of this machine, with links or bind mounts for its volumes. */
  async function plain(run: Run, launch: Launch, group: string, network: RunNetwork): Promise<Start> {
    const folder = folderOf(run);
    const root = rootOf(run);
    const nested = await namespacesFor(launch.mounts, mountNamespaces);
    await mkdir(join(root, 'dev'), { recursive: true });
    const resolving = network.own ? await ownResolving(run, launch) : undefined;
    const namespaces = nested ?? (resolving && (await mountNamespaces()));
    const mounts = nested ? await prepareBinds(root, launch.mounts) : launch.mounts;
    if (!nested) await linkMounts(root, mounts);
    const cwd = await workingFolder(root, launch);
    const env: Record<string, string> = table({
      ...hostEnv,
      HOME: root,
      ...launch.env,
      SHALLOP_ROOT: root,
      [runEnvironment]: folder,
    });
    const [program = ''] = launch.command;
    if (!program) throw new StartError('no command specified');
    if (!findProgram(program, cwd, env.PATH ?? ''))
      throw new StartError(`exec: "${program}": executable file not found in $PATH`);
    const shell = shellFor(env, tools);
    const { tty, hostNetwork } = launch;
    const terminal = tty ? onTerminal(launch.command, { cwd, env }) : { command: launch.command, env };
    const setting = {
      ...{ cwd, env: terminal.env, hostNetwork, mounts, ownMounts: Boolean(namespaces) },
      ...(tty && { tty }),
    };
    const own = wrapped(shell, group, terminal.command);
    const named = namespaces && resolving ? namespaces.bind('/', [resolving], cwd, shell, own) : own;
    const bound = nested ? nested.bind(root, mounts, cwd, shell, named) : named;
    const command = network.user ? asOneself(bound) : bound;
    return { setting, command, cwd: namespaces ? folder : cwd };
  }

  /** Programs in a network of their own ask cluster DNS, by a file that only they see in the place of the machine's. */
  async function ownResolving(run: Run, launch: Launch): Promise<Mount | undefined> {
    const nameserver = launch.hostNetwork ? undefined : await clusterDns?.(run.ref.cluster);
    if (!nameserver) return undefined;
    const source = join(folderOf(run), 'resolv.conf');
    const { namespace } = run.ref;
    await writeFile(
      source,
      resolvFile({ spec: launch.pod.spec, namespace, nameserver, hasOwnLoopback: true }),
      { mode: 0o644 },
    );
    return { source, target: '/etc/resolv.conf', readOnly: true };
  }

  /** A program in a root file system of its own. */
  async function contained(run: Run, launch: Launch, group: string, network: RunNetwork): Promise<Start> {
    if (!containers)
      throw new StartError(
        `image ${launch.image.id} has a root file system, which this runtime cannot give it`,
      );
    const target = launch.target && targetOf(launch.target);
    await containers.ready();
    const folder = folderOf(run);
    const nameserver = await clusterDns?.(run.ref.cluster);
    const { ip = '', own = false, user: joinedUser, wrap } = network;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const env = { ...hostEnv, [runEnvironment]: folder };
    const pause = launch.pod.spec?.shareProcessNamespace
      ? await containers.pause({
          folder: podFolder(run),
          env: hostEnv,
          mark: runEnvironment,
          ...(joinedUser && { joinedUser }),
          joined: await joinedGroup(
            { ...run, container: '.pause', number: 0 },
            joinedUser ? wrap : undefined,
          ),
        })
      : target?.main;
    const { command, jail } = containers.prepare(run, launch, {
      folder,
      notes: notesOf(run),
      ip,
      own,
      ...(joinedUser && { joinedUser }),
      ...(nameserver && { nameserver }),
      groups: limits.set(limitsOf(run), group, launch.container),
      ...(pause && { pause: pause.pid }),
    });
    if (target) refuseWatching(target.jail, jail);
    const { tty, hostNetwork } = launch;
    const terminal = tty ? onTerminal(command, { cwd: '/', env }) : { command, env };
    const setting = {
      ...{ cwd: '/', env: terminal.env, hostNetwork, mounts: [], ownMounts: false, jail },
      ...(tty && { tty }),
    };
    return { setting, command: wrapped(shellFor(env, tools), group, terminal.command), cwd: '/' };
  }

  /** Returns how a process of this machine's own environment joins the control group of a run, and then what `wrap` joins. */
  async function joinedGroup(
    run: Run,
    wrap = (command: string[]) => command,
  ): Promise<(command: string[]) => string[]> {
    const group = await processes.groupFor(run);
    return (command) => (group ? inGroup(group, shellFor(hostEnv, tools), wrap(command)) : wrap(command));
  }

  return { plain, contained };
}
