import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { table } from '../../../../shared/meta/table.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import type { PodNetwork } from '../../podNetwork.ts';
import { type Containers, failureOf, isReady, messageOf } from '../native/containers.ts';
import { findLimits } from '../native/limits.ts';
import { resolvFile } from '../native/resolvFile.ts';
import { failedFile } from '../native/script.ts';
import { createLogPump } from '../output/logPump.ts';
import { readTerminationMessage } from '../output/terminationMessage.ts';
import { type FoundImage, type Launch, type Mount, type Run, type Sandbox, StartError } from '../sandbox.ts';
import { attachToRun } from './attach.ts';
import { kubeletRotation, type Rotation } from './criLog.ts';
import { findProgram } from './descriptor.ts';
import { execCommand } from './exec.ts';
import { type Guest, startGuest } from './guest.ts';
import { isAlive, sendSignal } from './identity.ts';
import { holdsOneOf, listenersOn } from './listeners.ts';
import { readLog } from './logReader.ts';
import { findMountNamespaces, type MountNamespaces } from './mountNamespace.ts';
import { linkMounts, nestedMounts, prepareBinds, workingFolder } from './mounts.ts';
import { createPipeStock } from './pipes.ts';
import { openPodProcesses } from './podProcesses.ts';
import { claimed, type RunChild, spawnRun, type WatchedRun, watchRun } from './run.ts';
import {
  barRun,
  inspectRun,
  keeperCommand,
  processOf,
  type RunFolder,
  runEnvironment,
  wrapped,
} from './runFolder.ts';
import { readSettings, type Settings, saveSettings } from './settings.ts';
import { onTerminal } from './terminal.ts';
import { findTools, inGroup, shellFor } from './tools.ts';
import { usageOf } from './usage.ts';

export interface ProcessSandboxOptions {
  /** Holds a folder per Pod; made when it is not there. */
  folder: string;
  /** How container IDs begin. */
  scheme: string;
  /** As in Sandbox. */
  image(name: string): Promise<FoundImage>;
  pull?: Sandbox['pull'];
  /** For images that are root file systems; without it they cannot be run. */
  containers?: Containers;
  network: PodNetwork;
  /** Where names of a logical cluster are answered. */
  clusterDns?(cluster: string): Promise<string | undefined>;
  clock: Clock;
  /** What every program sees of this machine's environment; PATH above all. */
  hostEnv: Record<string, string>;
  rotation?: Rotation;
  /** A folder that is not written to a disk, for this alone. */
  memory?: string;
}

/** What is started for a run, and what commands beside it need to know. */
interface Start {
  setting: Settings;
  command: string[];
  cwd: string;
}

const unwrapped = { wrap: (command: string[]) => command };
/** The output of a run that nobody watches any more. */
const over = { ended: true, drained: async () => {}, more: async () => {} };

/** Processes of a run that are known for sure. */
const rootsIn = (state: RunFolder): number[] =>
  state.kind === 'running' ? [state.wrapper, state.main?.pid ?? 0].filter(Boolean) : [];

/** What binds the mounts of a container where links cannot stand for them. Throws ConfigError where nothing can. */
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

/** Containers as host processes: no isolation but a process group, a folder and an address each. */
export function createProcessSandbox(options: ProcessSandboxOptions): Sandbox {
  const { network, clock, hostEnv, memory, rotation = kubeletRotation } = options;
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const home = realpathSync(options.folder);
  const { scheme, image, pull, containers } = options;
  const tools = findTools(hostEnv.PATH ?? '');
  const processes = openPodProcesses({ home, network, clock, sh: tools.sh });
  const limits = findLimits(`shallop-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`);
  const limitsOf = ({ ref, container, number }: Run) => join(ref.uid, `${container}.${number}`);
  const pump = createLogPump();
  const pipes = createPipeStock(join(dirname(home), 'scratch', 'pipes'), tools.mkfifo);
  let namespaces: Promise<MountNamespaces | undefined> | undefined;
  const mountNamespaces = () =>
    (namespaces ??= findMountNamespaces(tools, join(dirname(home), 'scratch', 'mounts')));
  const watched = new Map<string, WatchedRun>();
  const settings = new Map<string, Settings>();
  const guests = new Map<string, Set<Guest>>();
  let ended: (run: Run) => void = () => {};

  const podFolder = ({ ref }: Pick<Run, 'ref'>) => join(home, ref.uid);
  const folderOf = (run: Run) => join(podFolder(run), run.container, String(run.number));
  const logOf = (run: Run) => `${folderOf(run)}.log`;
  /** Where what a run was started with is written down: its environment may hold Secrets. */
  const notesOf = (run: Run) =>
    memory ? join(memory, run.ref.uid, run.container, String(run.number)) : folderOf(run);
  const rootOf = (run: Run) => join(folderOf(run), 'root');
  const remove = (folder: string) =>
    containers ? containers.remove(folder) : rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const look = (run: Run) => inspectRun(folderOf(run), clock.now());
  const settingOf = (run: Run) => settings.get(folderOf(run)) ?? readSettings(notesOf(run));

  /** Commands do not outlive the program they run beside. */
  const endGuests = (folder: string) => {
    for (const guest of guests.get(folder) ?? []) guest.kill();
  };

  function follow(run: Run, child?: RunChild): WatchedRun {
    const folder = folderOf(run);
    const known = watched.get(folder);
    if (known) return known;
    const onEnd = (lost: boolean) => {
      endGuests(folder);
      void (lost ? processes.endRun(run, []) : Promise.resolve()).then(() => ended(run));
    };
    const files = { pipes: join(folder, 'io'), log: logOf(run), checkpoint: join(folder, 'taken'), rotation };
    const fresh = watchRun({ folder, output: pump.open(files), clock, child, onEnd });
    watched.set(folder, fresh);
    return fresh;
  }

  /** The command line that runs a command beside a run: with its address and its files. */
  async function beside(run: Run): Promise<(command: string[]) => string[]> {
    const { cwd, env, hostNetwork, ownMounts } = settingOf(run);
    const { wrap } = hostNetwork ? unwrapped : await network.setup(run.ref);
    const inside = ownMounts ? processOf(folderOf(run), 'claim') : undefined;
    const namespaces = inside && (await mountNamespaces());
    const shell = shellFor(env, tools);
    const group = await processes.groupFor(run);
    return (command) => {
      const joined = group ? inGroup(group, shell, command) : command;
      return wrap(inside && namespaces ? namespaces.enter(inside.pid, cwd, shell, joined) : joined);
    };
  }

  /** A program of this machine, with links or bind mounts for its volumes. */
  async function plain(run: Run, launch: Launch, group: string): Promise<Start> {
    const folder = folderOf(run);
    const root = rootOf(run);
    const nested = await namespacesFor(launch.mounts, mountNamespaces);
    await mkdir(join(root, 'dev'), { recursive: true });
    const resolving = await ownResolving(run, launch);
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
    const command = nested ? nested.bind(root, mounts, cwd, shell, named) : named;
    return { setting, command, cwd: namespaces ? folder : cwd };
  }

  /** Programs in a network of their own ask cluster DNS, by a file that only they see in the place of the machine's. */
  async function ownResolving(run: Run, launch: Launch): Promise<Mount | undefined> {
    const nameserver = await options.clusterDns?.(run.ref.cluster);
    if (!nameserver || launch.hostNetwork || !(await network.setup(run.ref)).own) return undefined;
    const source = join(folderOf(run), 'resolv.conf');
    const { namespace } = run.ref;
    await writeFile(source, resolvFile({ spec: launch.pod.spec, namespace, nameserver }), { mode: 0o644 });
    return { source, target: '/etc/resolv.conf', readOnly: true };
  }

  /** A program in a root file system of its own. */
  async function contained(run: Run, launch: Launch, group: string): Promise<Start> {
    if (!containers)
      throw new StartError(
        `image ${launch.image.id} has a root file system, which this runtime cannot give it`,
      );
    const folder = folderOf(run);
    const nameserver = await options.clusterDns?.(run.ref.cluster);
    const { ip, own = false } = launch.hostNetwork ? { ip: '' } : await network.setup(run.ref);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const env = { ...hostEnv, [runEnvironment]: folder };
    const pause = launch.pod.spec?.shareProcessNamespace
      ? await containers.pause({
          folder: podFolder(run),
          env: hostEnv,
          mark: runEnvironment,
          joined: await joinedGroup({ ...run, container: '.pause', number: 0 }),
        })
      : undefined;
    const { command, jail } = containers.prepare(run, launch, {
      folder,
      notes: notesOf(run),
      ip,
      own,
      ...(nameserver && { nameserver }),
      groups: limits.set(limitsOf(run), group, launch.container),
      ...(pause && { pause: pause.pid }),
    });
    const { tty, hostNetwork } = launch;
    const terminal = tty ? onTerminal(command, { cwd: '/', env }) : { command, env };
    const setting = {
      ...{ cwd: '/', env: terminal.env, hostNetwork, mounts: [], ownMounts: false, jail },
      ...(tty && { tty }),
    };
    return { setting, command: wrapped(shellFor(env, tools), group, terminal.command), cwd: '/' };
  }

  /** How a process of this machine's own environment joins the control group of a run. */
  async function joinedGroup(run: Run): Promise<(command: string[]) => string[]> {
    const group = await processes.groupFor(run);
    return (command) => (group ? inGroup(group, shellFor(hostEnv, tools), command) : command);
  }

  /** A command as it is run where its container's files are. Throws StartError when there is no such program. */
  function inFilesOf(run: Run, command: string[], more: Record<string, string> = {}): string[] {
    const { jail, cwd, env } = settingOf(run);
    if (jail && containers) {
      const now = look(run);
      if (now.kind !== 'running' || !now.main || !isAlive(now.main))
        throw new StartError('its program is not running');
      return containers.beside({ ...jail, env: { ...more, ...jail.env } }, now.main.pid, command);
    }
    const [program = ''] = command;
    if (!findProgram(program, cwd, env.PATH ?? ''))
      throw new StartError(`exec: ${JSON.stringify(program)}: executable file not found in $PATH`);
    return command;
  }

  return {
    scheme,
    image,
    ...(pull && { pull }),
    async setup(ref) {
      await mkdir(podFolder({ ref }), { recursive: true, mode: 0o700 });
      return { ip: (await network.setup(ref)).ip };
    },

    async start(run, launch) {
      const folder = folderOf(run);
      await remove(folder);
      // A Pod with the machine's address has not been set up.
      await mkdir(podFolder(run), { recursive: true, mode: 0o700 });
      await mkdir(notesOf(run), { recursive: true, mode: 0o700 });
      const group = await processes.groupFor(run);
      const isContained = launch.image.root !== undefined;
      const { setting, command, cwd } = await (isContained ? contained : plain)(run, launch, group);
      if (launch.stdin) setting.stdin = launch.stdin;
      saveSettings(notesOf(run), setting);
      settings.set(folder, setting);
      const { wrap } = launch.hostNetwork ? unwrapped : await network.setup(run.ref);
      await pipes.take(join(folder, 'io'));
      const child = await spawnRun(
        folder,
        {
          holder: keeperCommand(tools.sh, folder, 'holder', group),
          ...(launch.stdin && { input: keeperCommand(tools.sh, folder, 'input', group) }),
          wrapper: wrap(command),
        },
        { cwd, env: setting.env },
      );
      await claimed(folder, child, clock);
      follow(run, child);
      if (isContained) await containers?.started(folder, () => look(run).kind === 'ended');
    },

    async state(run) {
      let now = look(run);
      if (now.kind === 'unclaimed') now = barRun(folderOf(run)) ? { kind: 'barred' } : look(run);
      if (now.kind === 'running') {
        follow(run);
        return { kind: 'running', startedAt: now.startedAt };
      }
      if (now.kind !== 'ended') return { kind: 'absent' };
      if (existsSync(join(folderOf(run), failedFile)) && !isReady(folderOf(run)))
        return { ...now, exitCode: 128, reason: 'StartError', message: failureOf(folderOf(run)) };
      // What it printed last may not stand in its log yet.
      await follow(run).look();
      if (now.exitCode === 137 && limits.wasOutOfMemory(limitsOf(run), await processes.groupFor(run)))
        return { ...now, reason: 'OOMKilled' };
      return now;
    },

    onEnd(listener) {
      ended = listener;
    },

    async signal(run, signal) {
      const now = look(run);
      if (now.kind !== 'running') return;
      // Before its main process is there, its group is only the wrapper's.
      if (now.main && isAlive(now.main)) sendSignal(now.main.pid, signal);
      else if (now.wrapper) sendSignal(-now.wrapper, signal);
    },

    async kill(run) {
      let now = look(run);
      if (now.kind === 'running' && now.main && isAlive(now.main)) {
        // The wrapper then writes down how it ended and ends the rest.
        sendSignal(now.main.pid, 'SIGKILL');
        for (let i = 0; i < 50 && now.kind === 'running'; i++) {
          await clock.sleep(10);
          now = look(run);
        }
      }
      if (now.kind === 'running' && now.wrapper) sendSignal(-now.wrapper, 'SIGKILL');
      await processes.endRun(run, rootsIn(now));
      await watched.get(folderOf(run))?.look();
    },

    async exec(run, command, timeoutMs, signal) {
      const { cwd, env, jail } = settingOf(run);
      const inner = jail ? inFilesOf(run, command) : command;
      const wrap = await beside(run);
      return execCommand(wrap(inner), { cwd, env, timeoutMs, clock, signal });
    },

    async listens(run, address, port) {
      const { hostNetwork } = settingOf(run);
      if (!hostNetwork && network.processes) return true;
      const found = await listenersOn(address, port);
      if (!found) return true;
      // Nobody else is told this address; that of the machine is everybody's.
      if (!hostNetwork && found.here.length) return true;
      const inodes = found.here.length ? found.here : found.everywhere;
      return inodes.length > 0 && holdsOneOf(await processes.ofPod(run.ref), inodes);
    },

    async open(run, options) {
      const folder = folderOf(run);
      const { cwd, env } = settingOf(run);
      const command = inFilesOf(run, options.command, options.tty ? { TERM: 'xterm' } : {});
      const guest = await startGuest(command, {
        ...options,
        cwd,
        env,
        clock,
        wrap: await beside(run),
      });
      const all = guests.get(folder) ?? new Set();
      guests.set(folder, all.add(guest));
      void guest.exitCode.then(() => all.delete(guest) && !all.size && guests.delete(folder));
      return guest;
    },

    async attach(run, streams) {
      return attachToRun(folderOf(run), follow(run).output, settingOf(run), streams);
    },

    async *logs(run, logOptions, stream) {
      const output = watched.get(folderOf(run))?.output ?? over;
      // What was printed before the question belongs into the answer.
      await output.drained();
      yield* readLog(logOf(run), rotation, logOptions, output, stream);
    },

    async resize(run, container) {
      if (settingOf(run).jail) limits.set(limitsOf(run), await processes.groupFor(run), container);
    },

    async usage(run) {
      const now = look(run);
      if (now.kind !== 'running') return undefined;
      return usageOf({
        groups: [await processes.groupFor(run), ...limits.groupsOf(limitsOf(run))],
        pids: () => processes.ofRun(run, rootsIn(now)),
      });
    },

    async terminationMessage(run, path) {
      const { jail, mounts } = settingOf(run);
      return jail ? messageOf(folderOf(run)) : readTerminationMessage(rootOf(run), mounts, path);
    },

    async discard(run) {
      const folder = folderOf(run);
      watched.get(folder)?.close();
      watched.delete(folder);
      settings.delete(folder);
      limits.drop(limitsOf(run));
      await remove(folder);
      await rm(notesOf(run), { recursive: true, force: true });
      for (const file of [
        logOf(run),
        ...Array.from({ length: rotation.maxFiles }, (_, i) => `${logOf(run)}.${i + 1}`),
      ])
        await rm(file, { force: true });
    },

    async teardown(ref) {
      const folder = podFolder({ ref });
      for (const [path, run] of watched) {
        if (!path.startsWith(`${folder}/`)) continue;
        run.close();
        endGuests(path);
        watched.delete(path);
        settings.delete(path);
      }
      if (existsSync(folder)) await processes.endPod(ref);
      if (memory) await rm(join(memory, ref.uid), { recursive: true, force: true });
      limits.drop(ref.uid);
      await remove(folder);
      await network.teardown(ref);
    },

    async close() {
      for (const run of watched.values()) run.close();
      watched.clear();
      await Promise.all([pump.close(), pipes.close()]);
      for (const folder of guests.keys()) endGuests(folder);
    },
  };
}
