import { mkdirSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { terminationLog } from '../native/confinement.ts';
import { messageOf } from '../native/containers.ts';
import { writeEtc } from '../native/files.ts';
import { type Launch, type Mount, type Run, type Sandbox, StartError } from '../sandbox.ts';
import { invalidTarget } from '../targets.ts';
import type { ContainerInspect } from './answers.ts';
import { attachTo } from './attach.ts';
import { containerBody } from './bodies.ts';
import { followEnds } from './ends.ts';
import type { Engine } from './find.ts';
import { createGuests } from './guests.ts';
import { findImage, pullImage } from './images.ts';
import { labelsOf } from './labels.ts';
import { readEngineLog } from './logs.ts';
import { openPodContainers } from './podContainers.ts';
import { openPublishedPorts } from './published.ts';
import { resizing } from './resources.ts';
import { runStateOf } from './runState.ts';
import { usageOf } from './usage.ts';
import { daemonError, isStatus, startFailure } from './words.ts';

export interface EngineSandboxOptions {
  engine: Engine;
  /** Holds a folder for each Pod; made when it is not there. Containers are known by it. */
  folder: string;
  clock: Clock;
  /** Returns where names of a logical cluster are answered that Pods reach. */
  clusterDns?(cluster: string): Promise<string | undefined>;
  /** Told each address that is gone with its Pod. */
  gone?(address: string): void;
}

/** Containers of a Docker-compatible engine. Resolves once it is heard what becomes of them. */
export async function openEngineSandbox(options: EngineSandboxOptions): Promise<Sandbox> {
  const { engine, clock } = options;
  const { client } = engine;
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const home = realpathSync(options.folder);
  const labels = labelsOf(home);
  const published = engine.isHere ? undefined : openPublishedPorts();
  const pods = openPodContainers({ engine, labels, published, gone: options.gone?.bind(options) });
  const guests = createGuests(engine, clock);
  const ends = await followEnds({ client, clock, labels, guests });
  const folderOf = ({ ref, container, number }: Run) => join(home, ref.uid, container, String(number));
  const path = (run: Run) => `/containers/${labels.runName(run)}`;

  /** Undefined when there is no such container. */
  const inspect = (run: Run): Promise<ContainerInspect | undefined> =>
    pods.inspect(labels.runName(run)).catch((error) => {
      if (isStatus(error, 404)) return undefined;
      throw daemonError(error);
    });

  /** Throws StartError where its container is not there. */
  async function present(run: Run): Promise<ContainerInspect> {
    const found = await inspect(run);
    if (!found) throw new StartError('its program is not running');
    return found;
  }

  /** Nothing happens when the program has ended. */
  const send = (run: Run, signal: string) =>
    client.ask('POST', `${path(run)}/kill`, { query: { signal } }).catch(async (error) => {
      if ((await inspect(run))?.State.Running) throw daemonError(error);
    });

  /** Returns what a container sees of its Pod's names, and where it leaves its last words. */
  async function filesOf(run: Run, launch: Launch, ip: string): Promise<Mount[]> {
    const folder = folderOf(run);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { spec } = launch.pod;
    const nameserver = await options.clusterDns?.(run.ref.cluster);
    const { name: podName, namespace } = run.ref;
    const etc = writeEtc(join(folder, 'etc'), { spec, podName, namespace, ip, nameserver });
    // Where nothing of the cluster is to be asked, the engine knows better than this machine whom its containers reach.
    const isOurs = nameserver !== undefined || spec?.dnsPolicy === 'None' || spec?.dnsConfig !== undefined;
    return [
      ...etc.filter(({ target }) => isOurs || target !== '/etc/resolv.conf'),
      terminationLog(folder, launch),
    ];
  }

  /** Returns the engine's number of a container that runs. Throws ConfigError for any other. */
  async function targetId(target: Run): Promise<string> {
    const found = await inspect(target);
    const state = found && runStateOf(found.State, clock.now()).kind;
    if (state !== 'running') throw invalidTarget(target, state === 'ended' ? 'EXITED' : 'CREATED');
    return found!.Id;
  }

  async function create(run: Run, launch: Launch): Promise<string> {
    const { ref } = run;
    const pause = await pods.ensure(ref, launch.pod);
    const ours = await filesOf(run, launch, pause.ip);
    const target = launch.target && (await targetId(launch.target));
    const body = containerBody({
      ...{ ref, launch, labels: labels.ofRun(run), pause: pause.id, ours, engine },
      ...(target && { target }),
    });
    // What a control plane that was killed made and never started has this name.
    await pods.removeContainer(labels.runName(run));
    const made = client.ask<{ Id: string }>('POST', '/containers/create', {
      query: { name: labels.runName(run) },
      body,
    });
    return (await made.catch(refused)).Id;
  }

  return {
    scheme: engine.kind,
    image: (name) => findImage(client, name),
    pull: (name, secrets, signal) => pullImage(client, name, secrets, signal),
    setup: async (ref, pod) => ({ ip: (await pods.ensure(ref, pod)).ip }),

    async start(run, launch) {
      if (!launch.command.length) throw new StartError('no command specified');
      const id = await create(run, launch);
      ends.follow(id, run);
      await client.ask('POST', `/containers/${id}/start`).catch(async (error) => {
        ends.forget(id);
        await pods.removeContainer(id);
        refused(error);
      });
    },

    async state(run) {
      const found = await inspect(run);
      if (!found) return { kind: 'absent' };
      const state = await ends.settled(found.Id, () => inspect(run), runStateOf(found.State, clock.now()));
      if (state.kind === 'running') ends.follow(found.Id, run);
      else ends.forget(found.Id);
      if (state.kind === 'absent') await pods.removeContainer(found.Id);
      return state;
    },

    onEnd: ends.onEnd,

    async resize(run, { resources }) {
      const { path: place, body } = resizing(engine.kind, path(run), resources);
      try {
        // Docker answers JSON, Podman a word.
        (await client.stream('POST', place, { body })).resume();
      } catch (error) {
        if (isStatus(error, 404) && (await inspect(run)))
          throw new Error('this engine cannot change the resources of a container that runs');
        throw daemonError(error);
      }
    },

    signal: async (run, signal) => void (await send(run, signal)),
    kill: async (run) => void (await send(run, 'SIGKILL')),

    exec: async (run, command, timeoutMs, signal) =>
      guests.exec((await present(run)).Id, command, timeoutMs, signal),
    open: async (run, wanted) => guests.open((await present(run)).Id, wanted),
    attach: async (run, streams) => attachTo(client, await present(run), streams),

    async *logs(run, logOptions, stream) {
      const found = await inspect(run);
      if (!found) return;
      const tty = Boolean(found.Config?.Tty);
      yield* readEngineLog(client, {
        ...{ container: found.Id, tty, options: logOptions, kind: engine.kind },
        ...(stream && { stream }),
      });
    },

    usage: (run) => usageOf(client, labels.runName(run)),
    terminationMessage: async (run) => messageOf(folderOf(run)),

    async discard(run) {
      const found = await inspect(run);
      if (found) ends.forget(found.Id);
      await pods.removeContainer(labels.runName(run));
      await rm(folderOf(run), { recursive: true, force: true });
    },

    async teardown(ref) {
      await pods.teardown(ref);
      ends.forgetPod(ref.uid);
      await rm(join(home, ref.uid), { recursive: true, force: true });
    },

    async sweep(known) {
      await pods.sweep(known);
      for (const uid of await readdir(home))
        if (!known.has(uid)) await rm(join(home, uid), { recursive: true, force: true });
    },
    ...(published && { reached: published.find }),

    async close() {
      ends.close();
      guests.close();
    },
  };
}

/** A program that cannot be started is told as container runtimes do; other refusals may pass. */
function refused(error: unknown): never {
  const why = error instanceof Error ? startFailure(error.message) : undefined;
  throw why === undefined ? daemonError(error) : new StartError(why);
}
