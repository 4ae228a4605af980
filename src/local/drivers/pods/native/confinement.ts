import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { table } from '../../../../shared/meta/table.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import { type Launch, type Mount, type Run, StartError } from '../sandbox.ts';
import { seesProcesses, userNamespaceOf } from './apart.ts';
import { capabilitiesOf } from './capabilities.ts';
import { intoRoot, isRenamed, isSwapped, type Jail, startCommand } from './commandLines.ts';
import { resolveIn, type View } from './containerPath.ts';
import { hostnameOf, writeEtc } from './files.ts';
import type { KernelFilesOptions } from './kernelFiles.ts';
import type { Group } from './limits.ts';
import { oomScoreOf } from './oomScore.ts';
import { refuseProfiles } from './profiles.ts';
import { groupMounts, writeTable } from './rootTable.ts';
import { imageLink, launchScript } from './script.ts';
import type { Support } from './support.ts';
import { sysctlsOf } from './sysctls.ts';
import { identityIn } from './users.ts';

/** Is what a container's image has to say where nothing else does. */
const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface Confined {
  jail: Jail;
  /** Starts the container's first process. */
  command: string[];
}

export interface Surroundings {
  /** The run's folder, empty. */
  folder: string;
  /** Says where the script is written, which holds the environment. */
  notes: string;
  ip: string;
  /** Says whether its Pod has a network namespace that is its own. */
  ownNetwork: boolean;
  /** Says how many users the user namespace has that is entered with the Pod's network. Absent: none is. */
  joinedUser?: 'one' | 'all';
  /** Says where names of its logical cluster are answered. */
  nameserver?: string;
  /** Control groups with the container's limits. */
  groups: Group[];
  /** The first process of the process namespace that it shares: with its Pod's containers, or with its target. */
  pause?: number;
  support: Support;
  /** Says where the tools are that the container's processes may see. */
  toolsRoot: string;
}

/**
 * Writes down in a run's folder how its root file system is made and answers the command line that does it. Throws
 * ConfigError, or StartError where the container asks for what cannot be.
 */
export function confine(
  run: Run,
  launch: Launch,
  { folder, notes, ip, ownNetwork, joinedUser, nameserver, groups, pause, support, toolsRoot }: Surroundings,
): Confined {
  const seesOthers = seesProcesses(launch, support);
  const { user, joined } = userNamespaceOf(joinedUser, support, seesOthers);
  // The namespaces of its Pod's processes would be those of a user namespace in which it may do nothing.
  if (joinedUser && seesOthers && support.ownProc && pause !== undefined)
    throw new StartError(
      'a container that shares processes of its Pod can have no volume that shows those of this machine, as shallop is not run as root',
    );
  const { container, pod, image } = launch;
  refuseProfiles(container, pod.spec);
  const security = container.securityContext;
  const privileged = Boolean(security?.privileged);
  const view: View = { root: image.root ?? '', mounts: [] };
  for (const name of ['root', 'upper', 'work', 'dev']) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(view.root, join(folder, imageLink));
  const kernel: KernelFilesOptions = {
    privileged,
    unmasked: security?.procMount === 'Unmasked',
    ownProc: !pod.spec?.hostPID && support.ownProc,
    ownSys: user === undefined,
    sharedMemoryMi: 64,
  };
  const names = {
    ...{ spec: pod.spec, podName: run.ref.name, namespace: run.ref.namespace, ip, nameserver },
    hasOwnLoopback: ownNetwork || joinedUser !== undefined,
  };
  const identity = identityIn(view, {
    imageUser: image.user ?? '',
    container,
    spec: pod.spec,
    podName: `${run.ref.name}_${run.ref.namespace}(${run.ref.uid})`,
  });

  const points = writeTable(view, launch, kernel, {
    folder,
    mapsTerminalGroup: user !== 'one',
    ours: [
      ...writeEtc(join(folder, 'etc'), names),
      terminationLog(folder, launch),
      ...(kernel.ownSys ? groupMounts(folder, groups) : []),
    ],
  });
  const env: Record<string, string> = table({
    PATH: standardPath,
    HOME: identity.home,
    ...(launch.tty && { TERM: 'xterm' }),
    ...launch.env,
  });
  const workingDir = resolveIn(view, launch.workingDir || image.workingDir || '/');
  if (workingDir.stat && !workingDir.stat.isDirectory())
    throw new StartError(`mkdir ${workingDir.path}: not a directory`);
  requireProgram(view, launch.command[0] ?? '', workingDir.path, env.PATH ?? '');
  const jail = {
    folder,
    identity,
    capabilities: [...configured(() => capabilitiesOf(security))],
    noNewPrivileges: security?.allowPrivilegeEscalation === false,
    env,
    workingDir: workingDir.path,
    namespaces: {
      ...(user && { user }),
      ...(joined && { joined }),
      pid: !pod.spec?.hostPID,
      ...(pause !== undefined && { pause }),
      uts: !pod.spec?.hostNetwork,
      ipc: !pod.spec?.hostIPC,
    },
    oomScore: oomScoreOf(container, pod.spec ?? { containers: [container] }, totalmem()),
  } satisfies Jail;
  const hostname = hostnameOf(names);
  const script = launchScript({
    folder,
    image: view.root,
    layering: support.layering,
    points: { ...points, folders: [...(workingDir.stat ? [] : [workingDir.path]), ...points.folders] },
    ...(hostname !== undefined && { hostname }),
    sysctls: sysctlsOf(pod.spec, {
      network: ownNetwork && !pod.spec?.hostNetwork,
      isOwner: joinedUser === undefined || joined === true,
    }),
    hasTerminal: Boolean(launch.tty) && !privileged,
    readOnlyRoot: Boolean(security?.readOnlyRootFilesystem),
    placing: isRenamed(jail) ? 'movedByOther' : isSwapped(jail, toolsRoot) ? 'swapped' : 'moved',
    ...(identity.uid !== 0 && user !== 'one' && { owner: identity.uid }),
    groups: groups.flatMap(({ joinBy }) => joinBy ?? []),
    oomScore: jail.oomScore,
    last: intoRoot(support.tools, jail, launch.command, toolsRoot),
  });
  writeFileSync(join(notes, 'launch.sh'), script, { mode: 0o600 });
  const propagation = points.shared.length ? 'unchanged' : 'slave';
  return { jail, command: startCommand(support.tools, jail, join(notes, 'launch.sh'), propagation) };
}

/** The file of a run that stands at its container's termination message path. */
export const terminationFile = 'termination-log';

/** Makes that file in the run's folder and answers its mount. */
export function terminationLog(folder: string, { container }: Launch): Mount {
  const source = join(folder, terminationFile);
  writeFileSync(source, '');
  // For any user that the program runs as, whatever the control plane's umask.
  chmodSync(source, 0o666);
  return { source, target: container.terminationMessagePath || '/dev/termination-log', readOnly: false };
}

function configured<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError((error as Error).message, 'CreateContainerError');
  }
}

/** Throws StartError, in the words of container runtimes, when there is no such program in the container. */
export function requireProgram(view: View, program: string, folder: string, path: string): void {
  if (!program) throw new StartError('no command specified');
  const fits = (place: string) => {
    const { stat } = resolveIn(view, place);
    return stat?.isFile() && (stat.mode & 0o111) !== 0;
  };
  if (program.includes('/')) {
    const place = program.startsWith('/') ? program : join(folder, program);
    const { stat } = resolveIn(view, place);
    if (!stat) throw new StartError(`exec: "${program}": stat ${place}: no such file or directory`);
    if (!fits(place)) throw new StartError(`exec: "${program}": permission denied`);
    return;
  }
  if (!path.split(':').some((each) => fits(join(each || folder, program))))
    throw new StartError(`exec: "${program}": executable file not found in $PATH`);
}
