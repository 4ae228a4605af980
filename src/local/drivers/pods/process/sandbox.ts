import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failureOf, isReady, messageOf } from '../native/containers.ts';
import { findLimits } from '../native/limits.ts';
import { removeTree } from '../native/removeTree.ts';
import { failedFile } from '../native/script.ts';
import { createLogPump } from '../output/logPump.ts';
import { readTerminationMessage } from '../output/terminationMessage.ts';
import type { Run, Sandbox } from '../sandbox.ts';
import { attachToRun } from './attach.ts';
import { networkFor, openBesides } from './besides.ts';
import { kubeletRotation, logFiles } from './criLog.ts';
import { execCommand } from './exec.ts';
import { type Guest, startGuest } from './guest.ts';
import { listensAt } from './listeners.ts';
import { readLog } from './logReader.ts';
import { measures } from './measures.ts';
import { findMountNamespaces, type MountNamespaces } from './mountNamespace.ts';
import { createPipeStock } from './pipes.ts';
import { openPodProcesses } from './podProcesses.ts';
import { claimed, type RunChild, spawnRun, type WatchedRun, watchRun } from './run.ts';
import { barRun, inspectRun, keeperCommand, rootsIn } from './runFolder.ts';
import { runPaths } from './runPaths.ts';
import type { ProcessSandboxOptions } from './sandboxOptions.ts';
import { readSettings, type Settings, saveSettings } from './settings.ts';
import { endStrays, killRun, signalRun } from './signals.ts';
import { openStarts } from './starts.ts';
import { targetIn } from './target.ts';
import { findTools } from './tools.ts';

/** The output of a run that nobody watches any more. */
const over = { ended: true, drained: async () => {}, more: async () => {} };

export type { ProcessSandboxOptions } from './sandboxOptions.ts';

/** Containers as host processes: no isolation but a process group, a folder and an address each. */
export function createProcessSandbox(options: ProcessSandboxOptions): Sandbox {
  const { network, clock, hostEnv, memory, rotation = kubeletRotation } = options;
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const home = realpathSync(options.folder);
  const { scheme, image, pull, containers } = options;
  const tools = findTools(hostEnv.PATH ?? '');
  const processes = openPodProcesses({ home, network, clock, sh: tools.sh });
  const limits = findLimits(`shallop-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`);
  const pump = createLogPump();
  const pipes = createPipeStock(join(dirname(home), 'scratch', 'pipes'), tools.mkfifo, clock);
  let namespaces: Promise<MountNamespaces | undefined> | undefined;
  const mountNamespaces = () =>
    (namespaces ??= findMountNamespaces(tools, join(dirname(home), 'scratch', 'mounts')));
  const watched = new Map<string, WatchedRun>();
  const settings = new Map<string, Settings>();
  const guests = new Map<string, Set<Guest>>();
  let ended: (run: Run) => void = () => {};

  const paths = runPaths(home, memory);
  const { podFolder, folderOf, logOf, notesOf, rootOf, limitsOf } = paths;
  const remove = (folder: string) => (containers ? containers.remove(folder) : removeTree(folder));
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
      const pids = () => processes.ofRun(run, []);
      const rest = lost ? processes.endRun(run, []) : endStrays(() => settingOf(run), pids);
      void rest.then(() => ended(run));
    };
    const files = { pipes: join(folder, 'io'), log: logOf(run), checkpoint: join(folder, 'taken'), rotation };
    const fresh = watchRun({ folder, output: pump.open(files), clock, child, onEnd });
    watched.set(folder, fresh);
    return fresh;
  }

  const { plain, contained } = openStarts({
    ...{ paths, tools, processes, limits, containers, hostEnv, mountNamespaces },
    clusterDns: options.clusterDns?.bind(options),
    targetOf: (target) => targetIn({ folderOf, look, settingOf }, target),
  });
  const { beside, inFilesOf, loopback } = openBesides({
    ...{ tools, network, processes, containers, folderOf, settingOf, look, mountNamespaces },
  });

  return {
    scheme,
    image,
    ...(pull && { pull }),
    remove,
    ...(options.reached && { reached: options.reached }),
    separatesUsers: Boolean(options.separatesUsers),
    async setup(ref, pod) {
      await mkdir(podFolder({ ref }), { recursive: true, mode: 0o700 });
      return { ip: (await network.setup(ref, pod.spec?.nodeName)).ip };
    },

    async start(run, launch) {
      const folder = folderOf(run);
      await remove(folder);
      // A Pod with the machine's address has not been set up.
      await mkdir(podFolder(run), { recursive: true, mode: 0o700 });
      await mkdir(notesOf(run), { recursive: true, mode: 0o700 });
      const group = await processes.groupFor(run);
      const isContained = launch.image.root !== undefined;
      const place = await networkFor(network, run, launch.hostNetwork);
      const { setting, command, cwd } = await (isContained ? contained : plain)(run, launch, group, place);
      if (launch.stdin) setting.stdin = launch.stdin;
      saveSettings(notesOf(run), setting);
      settings.set(folder, setting);
      await pipes.take(join(folder, 'io'));
      const child = await spawnRun(
        folder,
        {
          holder: keeperCommand(tools.sh, folder, 'holder', group),
          ...(launch.stdin && { input: keeperCommand(tools.sh, folder, 'input', group) }),
          wrapper: place.wrap(command),
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
      signalRun(look(run), signal);
    },

    async kill(run) {
      const now = await killRun(() => look(run), clock);
      await processes.endRun(run, rootsIn(now));
      await watched.get(folderOf(run))?.look();
    },

    async exec(run, command, timeoutMs, signal) {
      const { cwd, env, jail } = settingOf(run);
      const inner = jail ? await inFilesOf(run, command) : command;
      const wrap = await beside(run);
      return execCommand(wrap(inner), { cwd, env, timeoutMs, clock, signal });
    },

    loopback,
    async listens(run, address, port) {
      const { hostNetwork } = settingOf(run);
      if (!hostNetwork && network.processes) return true;
      return listensAt(address, port, {
        isShared: Boolean(hostNetwork),
        inNetworkOf: (hostNetwork && network.ofNode?.pid) || 'self',
        pids: () => processes.ofPod(run.ref),
      });
    },

    async open(run, options) {
      const folder = folderOf(run);
      const { cwd, env } = settingOf(run);
      const command = await inFilesOf(run, options.command, options.tty ? { TERM: 'xterm' } : {});
      const guest = await startGuest(command, { ...options, cwd, env, clock, wrap: await beside(run) });
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

    ...measures({ paths, processes, limits, rotation, look, settingOf }),

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
      for (const file of logFiles(logOf(run), rotation)) await rm(file, { force: true });
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
