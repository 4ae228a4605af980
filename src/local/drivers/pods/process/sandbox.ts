import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { table } from '../../../../shared/meta/table.ts';
import type { PodNetwork } from '../../podNetwork.ts';
import { type Run, type Sandbox, StartError } from '../sandbox.ts';
import { kubeletRotation, type Rotation } from './criLog.ts';
import { findProgram } from './descriptor.ts';
import { execCommand } from './exec.ts';
import { type Guest, startGuest } from './guest.ts';
import { isAlive, sendSignal } from './identity.ts';
import { openImageMap } from './imageMap.ts';
import { readLog } from './logReader.ts';
import { below, linkMounts, workingFolder } from './mounts.ts';
import { claimed, spawnRun, type WatchedRun, watchRun } from './run.ts';
import { barRun, inspectRun, runEnvironment, wrapper } from './runFolder.ts';
import { readSettings, type Settings, saveSettings } from './settings.ts';
import { createStrayHunter } from './strays.ts';

export interface ProcessSandboxOptions {
  /** Holds a folder per Pod; made when it is not there. */
  folder: string;
  /** `images.json`. */
  imageMap: string;
  network: PodNetwork;
  clock: Clock;
  /** What every program sees of this machine's environment; PATH above all. */
  hostEnv: Record<string, string>;
  rotation?: Rotation;
}

const unwrapped = { wrap: (command: string[]) => command };

/** Containers as host processes: no isolation but a process group, a folder and an address each. */
export function createProcessSandbox(options: ProcessSandboxOptions): Sandbox {
  const { network, clock, hostEnv, rotation = kubeletRotation } = options;
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const home = realpathSync(options.folder);
  const image = openImageMap(options.imageMap);
  const endStrays = createStrayHunter();
  const watched = new Map<string, WatchedRun>();
  const settings = new Map<string, Settings>();
  const guests = new Map<string, Set<Guest>>();
  let ended: (run: Run) => void = () => {};

  const podFolder = ({ ref }: Pick<Run, 'ref'>) => join(home, ref.uid);
  const folderOf = (run: Run) => join(podFolder(run), run.container, String(run.number));
  const logOf = (run: Run) => `${folderOf(run)}.log`;
  const look = (run: Run) => inspectRun(folderOf(run), clock.now());

  const inNetwork = async ({ ref }: Run, hostNetwork: boolean, command: string[]) =>
    hostNetwork ? command : (await network.setup(ref)).wrap(command);

  /** Commands do not outlive the program they run beside. */
  const endGuests = (folder: string) => {
    for (const guest of guests.get(folder) ?? []) guest.kill();
  };

  function follow(run: Run, own: boolean): WatchedRun {
    const folder = folderOf(run);
    const known = watched.get(folder);
    if (known) return known;
    const onEnd = (lost: boolean) => {
      endGuests(folder);
      void (lost ? endStrays(folder) : Promise.resolve()).then(() => ended(run));
    };
    const fresh = watchRun({ folder, logFile: logOf(run), clock, rotation, onEnd }, own);
    watched.set(folder, fresh);
    return fresh;
  }

  return {
    scheme: 'process',
    image,
    async setup(ref) {
      mkdirSync(podFolder({ ref }), { recursive: true, mode: 0o700 });
      return { ip: (await network.setup(ref)).ip };
    },

    async start(run, launch) {
      const folder = folderOf(run);
      const root = join(folder, 'root');
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(join(root, 'dev'), { recursive: true });
      linkMounts(root, launch.mounts);
      const cwd = workingFolder(root, launch);
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
      const setting = { cwd, env, hostNetwork: launch.hostNetwork };
      saveSettings(folder, setting);
      settings.set(folder, setting);
      const command = await inNetwork(run, launch.hostNetwork, [
        'sh',
        '-c',
        wrapper,
        'sh',
        ...launch.command,
      ]);
      const child = await spawnRun(folder, command, { cwd, env });
      await claimed(folder, child, clock);
      child.onExit(() => watched.get(folder)?.look());
      follow(run, true);
    },

    async state(run) {
      let now = look(run);
      if (now.kind === 'unclaimed') now = barRun(folderOf(run)) ? { kind: 'barred' } : look(run);
      if (now.kind === 'running') {
        follow(run, false);
        return { kind: 'running', startedAt: now.startedAt };
      }
      if (now.kind !== 'ended') return { kind: 'absent' };
      // What it printed last may not stand in its log yet.
      follow(run, false).look();
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
      await endStrays(folderOf(run));
      watched.get(folderOf(run))?.look();
    },

    async exec(run, command, timeoutMs, signal) {
      const { cwd, env, hostNetwork } = settings.get(folderOf(run)) ?? readSettings(folderOf(run));
      return execCommand(await inNetwork(run, hostNetwork, command), { cwd, env, timeoutMs, clock, signal });
    },

    async open(run, options) {
      const folder = folderOf(run);
      const { cwd, env, hostNetwork } = settings.get(folder) ?? readSettings(folder);
      const [program = ''] = options.command;
      if (!findProgram(program, cwd, env.PATH ?? ''))
        throw new StartError(`exec: ${JSON.stringify(program)}: executable file not found in $PATH`);
      const { wrap } = hostNetwork ? unwrapped : await network.setup(run.ref);
      const guest = await startGuest(options.command, { ...options, cwd, env, clock, wrap });
      const beside = guests.get(folder) ?? new Set();
      guests.set(folder, beside.add(guest));
      void guest.exitCode.then(() => beside.delete(guest) && !beside.size && guests.delete(folder));
      return guest;
    },

    logs(run, logOptions, stream) {
      const running = watched.get(folderOf(run));
      // What was printed before the question belongs into the answer.
      running?.look();
      const growing = running ?? { ended: true, more: async () => {} };
      return readLog(logOf(run), rotation, logOptions, growing, stream);
    },

    async terminationMessage(run, path) {
      try {
        return readFileSync(below(join(folderOf(run), 'root'), path), 'utf8').slice(0, 4096);
      } catch {
        return '';
      }
    },

    async discard(run) {
      const folder = folderOf(run);
      watched.get(folder)?.close();
      watched.delete(folder);
      settings.delete(folder);
      await rm(folder, { recursive: true, force: true });
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
      if (existsSync(folder)) await endStrays(folder);
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      await network.teardown(ref);
    },

    async close() {
      for (const run of watched.values()) run.close();
      watched.clear();
      for (const folder of guests.keys()) endGuests(folder);
    },
  };
}
